"""The whole system apart for half a minute: each kind of fault once, and everything holds."""

from typing import Any

import pytest

from tests.faults.commands import summary_of
from tests.faults.harness.faults.planning import brief_faults, plan_faults
from tests.faults.harness.load.planning import plan_deeds

SEED = 20261


def test_a_seed_always_gives_the_same_plan_and_another_one_another() -> None:
    assert plan_faults(7, 600) == plan_faults(7, 600) != plan_faults(8, 600)
    assert plan_deeds(7, 600, 5) == plan_deeds(7, 600, 5) != plan_deeds(8, 600, 5)


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return summary_of(tmp_path_factory.mktemp("chaos"), "--brief", SEED)


def test_everything_holds_when_everything_breaks_once(summary: Any) -> None:
    broken = [each for each in summary["invariants"] if not each["held"]]

    assert broken == []
    assert summary["troubles"] == []
    assert summary["held"]


def test_every_kind_of_fault_happened_and_every_invariant_had_something_to_look_at(
    summary: Any,
) -> None:
    wanted = {fault.kind for fault in brief_faults()}

    assert set(summary["faults"]) == wanted
    assert [each["name"] for each in summary["invariants"] if not each["checked"]] == []
    for kind in ("response", "appointment", "alarms", "kills", "repeats", "events sent again"):
        assert summary["counts"].get(kind, 0) > 0, kind
