"""Short ways to bring a case where a test needs it."""

from typing import Any
from uuid import UUID, uuid4

from services.booking.cases.keeping import CASE_DUE, PAGE_WATCH
from services.booking.cases.steps import CloseReason, ContactChannel
from services.booking.cases.usecases.acknowledge_case import AcknowledgeCase, acknowledge_case
from services.booking.cases.usecases.close_case import (
    AnswerClose,
    RequestClose,
    answer_close,
    request_close,
)
from services.booking.cases.usecases.handle_due import handle_due
from services.booking.cases.usecases.open_crisis_case import OpenCrisisCase, open_crisis_case
from services.booking.cases.usecases.record_contact import RecordContact, record_contact
from services.booking.cases.usecases.record_follow_up import RecordFollowUp, record_follow_up
from services.booking.cases.usecases.record_plan import RecordPlan, record_plan
from services.booking.cases.usecases.watch_page import page_again
from services.chassis.access import Role
from services.contracts.assessment import FlagSource
from tests.unit.booking.cases.fakes import POLICY, FakeWork
from tests.unit.booking.staff import FakeStaff

OFFICER, SECOND, LEAD = uuid4(), uuid4(), uuid4()


def flagged(work: FakeWork, **changed: Any) -> UUID:
    """A crisis signal arrives; the case's id."""
    command = {
        "case": uuid4(),
        "person": uuid4(),
        "unit": "wh/hc/e0001",
        "source": FlagSource.RESPONSE,
        "rule": "suicidal-ideation",
        "at": work.time,
        **changed,
    }
    open_crisis_case(OpenCrisisCase(**command), uow=work, policy=POLICY)
    case: UUID = command["case"]
    return case


def acknowledged(work: FakeWork, case: UUID, by: UUID = OFFICER) -> None:
    acknowledge_case(AcknowledgeCase(case=case, by=by), uow=work, policy=POLICY)


def tried(
    work: FakeWork,
    case: UUID,
    *,
    reached: bool,
    channel: ContactChannel = ContactChannel.PHONE,
    **more: Any,
) -> None:
    command = RecordContact(case=case, by=OFFICER, channel=channel, reached=reached, **more)
    record_contact(command, uow=work, policy=POLICY)


def contacted(work: FakeWork, case: UUID) -> None:
    tried(work, case, reached=True)


def planned(work: FakeWork, case: UUID, responsible: UUID = SECOND, *roles: Role) -> None:
    command = RecordPlan(case=case, by=OFFICER, responsible=responsible, plan="call a friend")
    staff = FakeStaff(*(roles or [Role.DUTY]))
    record_plan(command, uow=work, staff=staff, policy=POLICY)


def followed_up(work: FakeWork, case: UUID, *, reached: bool = True) -> None:
    command = RecordFollowUp(case=case, by=OFFICER, reached=reached)
    record_follow_up(command, uow=work, policy=POLICY)


def close_asked(
    work: FakeWork, case: UUID, reason: CloseReason = CloseReason.RESOLVED, by: UUID = OFFICER
) -> None:
    request_close(RequestClose(case=case, by=by, reason=reason), uow=work, policy=POLICY)


def close_answered(work: FakeWork, case: UUID, by: UUID, *, agreed: bool = True) -> None:
    answer_close(AnswerClose(case=case, by=by, agreed=agreed), uow=work, policy=POLICY)


def closed(work: FakeWork, case: UUID) -> None:
    """All the way, with four eyes."""
    contacted(work, case)
    close_asked(work, case)
    close_answered(work, case, by=LEAD)


def run_until(work: FakeWork, case: UUID, **time: float) -> None:
    """Let time pass, with every timer of the case firing at its moment."""
    end = work.time
    work.pass_time(**time)
    end, work.time = work.time, end
    while True:
        timers = [
            (due_at, kind, payload)
            for (kind, key), (due_at, payload) in work.timers.set_for.items()
            if key == str(case) and due_at <= end
        ]
        if not timers:
            break
        due_at, kind, payload = min(timers, key=lambda each: each[0])
        work.time = max(work.time, due_at)
        _fire(work, case, kind, payload.get("attempt", 0))
    work.time = end


def _fire(work: FakeWork, case: UUID, kind: str, attempt: int) -> None:
    set_for = work.timers.set_for[kind, str(case)]
    if kind == CASE_DUE:
        handle_due(case, uow=work, policy=POLICY)
    if kind == PAGE_WATCH:
        page_again(case, attempt, uow=work, policy=POLICY)
    if work.timers.set_for.get((kind, str(case))) == set_for:
        work.timers.cancel(kind, str(case))
