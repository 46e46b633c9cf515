"""The next version beside this one under load, out and back: nobody notices."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faults.harness.nextversion import TABLES

ROOT = Path(__file__).parents[2]
SEED = 20262
LONGEST = 600
PROCESSES = 2


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("versions") / "summary.json"
    command = [sys.executable, "-m", "tests.faults", "--versions", "--seed", str(SEED)]
    said = subprocess.run(
        [*command, "--json", str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    print(said.stdout)
    return json.loads(path.read_text())


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
