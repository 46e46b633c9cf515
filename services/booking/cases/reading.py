"""Read cases; every read leaves a row in the audit log, which the person can see."""

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection

from services.booking.cases.keeping import case_in_reach, open_note
from services.booking.cases.ports import CaseWork
from services.booking.cases.queries import (
    case_document,
    list_cases,
    one_case,
    step_document,
    steps_of,
)
from services.chassis.keyring import CannotOpen


class CaseReading(CaseWork, Protocol):
    """A transaction that also reads past the domain."""

    @property
    def connection(self) -> Connection: ...


def read_queue(
    query: Mapping[str, Any], *, by: UUID, in_care_only: bool, uow: CaseReading
) -> dict[str, Any]:
    """A page of the queue; the notes stay sealed."""
    with uow:
        carer = by if in_care_only else None
        found = list_cases(uow.connection, query, uow.now(), carer=carer)
        for case in found["items"]:
            uow.audit("case.list", case["id"], case.get("person"))
        uow.commit()
    return found


def read_case(case_id: UUID, *, by: UUID, in_care_only: bool, uow: CaseReading) -> dict[str, Any]:
    """One case with its notes; raises NoSuchCase."""
    with uow:
        case = case_in_reach(uow, case_id, by, in_care_only=in_care_only)
        timeline = [
            step_document(step, _note(uow, case_id, case.person, step["note"]))
            for step in steps_of(uow.connection, case_id)
        ]
        found = case_document(one_case(uow.connection, case_id), uow.now(), timeline)
        uow.audit("case.read", case_id, case.person)
        uow.commit()
    return found


def show_case(case_id: UUID, *, uow: CaseReading) -> dict[str, Any]:
    """The answer to whoever has just changed the case: its new clock, the notes sealed."""
    with uow:
        timeline = [step_document(step) for step in steps_of(uow.connection, case_id)]
        return case_document(one_case(uow.connection, case_id), uow.now(), timeline)


def _note(uow: CaseReading, case_id: UUID, person: UUID | None, sealed: bytes | None) -> str | None:
    """None also where the person's key was destroyed: what it sealed is gone for good."""
    if sealed is None:
        return None
    try:
        return open_note(uow, case_id, person, bytes(sealed))
    except CannotOpen:
        return None
