"""The next version beside this one under load, out and back: nobody notices."""

from typing import Any

import pytest

from tests.faults.commands import summary_of
from tests.faults.harness.nextversion import TABLES

SEED = 20262
PROCESSES = 2


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return summary_of(tmp_path_factory.mktemp("versions"), "--versions", SEED)


def test_two_versions_side_by_side_lose_nothing_and_park_nothing(summary: Any) -> None:
    broken = [each for each in summary["invariants"] if not each["held"]]

    assert broken == []
    assert summary["troubles"] == []


def test_no_request_fails_while_processes_are_replaced(summary: Any) -> None:
    counts = summary["counts"]

    assert counts["replaced"] == len(TABLES) * PROCESSES * 2
    assert [name for name in counts if name.startswith("status 5")] == []
    assert counts.get("given up", 0) + counts.get("broken deeds", 0) == 0


def test_both_versions_wrote_rows_and_the_next_one_its_events(summary: Any) -> None:
    for service in TABLES:
        for version in ("this", "next"):
            assert summary["counts"][f"{service} rows of {version} version"] > 0
        assert summary["counts"][f"{service} events of the next version"] > 0
