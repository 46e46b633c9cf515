"""The access table as it was decided: every cell twice, so that none changes by the way."""

from pathlib import Path
from uuid import uuid4

import pytest

from services.chassis.access import ACCESS, TEMPORARY, Principal, Role, Scope

SCOPES = {"own": Scope.OWN, "care": Scope.IN_CARE, "tree": Scope.SUBTREE, "city": Scope.CITY}
DECIDED = Path(__file__).with_name("access.txt").read_text()
HEAD, *ROWS = [line.split() for line in DECIDED.splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_cell_of_the_table_stays_as_it_was_decided(row: list[str]) -> None:
    action, *cells = row

    granted = {
        Role(role): SCOPES[cell] for role, cell in zip(HEAD[1:], cells, strict=True) if cell != "."
    }

    assert ACCESS[action] == granted


def test_every_action_was_decided_on() -> None:
    assert [row[0] for row in ROWS] == list(ACCESS)


def test_what_a_temporary_worker_may_do_was_decided_too() -> None:
    assert {"response.submit", "sitting.write", "slot.list", "appointment.book"} == TEMPORARY


def test_scopes_are_ordered_by_how_far_they_reach() -> None:
    counsellor_and_duty = Principal(uuid4(), frozenset({Role.COUNSELLOR, Role.DUTY}), "wh")

    assert counsellor_and_duty.scope_of("case.act") is Scope.CITY
    assert counsellor_and_duty.scope_of("message.list") is Scope.OWN
