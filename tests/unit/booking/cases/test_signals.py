"""A signal that joins an open case: who hears of it, and that no case is closed over it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.booking.cases.errors import CloseNotRequested, SignalNotAnswered
from services.booking.cases.steps import CloseReason, ContactChannel, Due, State
from services.booking.cases.usecases.watch_page import ConfirmPage, confirm_page
from services.contracts.assessment import FlagSource
from services.contracts.booking import CaseEscalatedV1, CaseOverdueV1
from tests.unit.booking.cases.driving import (
    LEAD,
    OFFICER,
    acknowledged,
    close_answered,
    close_asked,
    contacted,
    flagged,
    planned,
    run_until,
    tried,
)
from tests.unit.booking.cases.fakes import NINE, FakeWork


def again(work: FakeWork, case: UUID, **changed: Any) -> None:
    flagged(work, case=case, person=work.case(case).person, **changed)


def sent(work: FakeWork, case: UUID) -> None:
    confirm_page(ConfirmPage(case=case, person=OFFICER), uow=work)


def reasons(work: FakeWork) -> list[str]:
    return [event.reason for event in work.events(CaseOverdueV1)]


@pytest.mark.parametrize("loud", [{"acute": True}, {"source": FlagSource.HELP_REQUEST}])
def test_a_loud_signal_pages_again_even_while_the_first_page_waits(loud: dict[str, Any]) -> None:
    work = FakeWork()
    first, second = work.shift(1), work.shift(2)
    case = flagged(work)
    sent(work, case)
    work.pass_time(minutes=3)

    again(work, case, **loud)

    [overdue] = work.events(CaseOverdueV1)
    assert overdue.reason == "new-signal"
    assert [(step.officer, step.due_at - NINE) for step in overdue.chain] == [
        (first, timedelta(minutes=3)),
        (second, timedelta(minutes=15)),
    ]
    assert work.case(case).page_sent_at is None
    assert work.case(case).next_due_at == NINE + timedelta(minutes=15)


def test_a_taken_case_is_paged_anew_by_a_call_for_help() -> None:
    work = FakeWork()
    officer = work.shift(1)
    case = flagged(work)
    acknowledged(work, case)
    work.pass_time(minutes=5)

    again(work, case, source=FlagSource.HELP_REQUEST)

    [overdue] = work.events(CaseOverdueV1)
    assert overdue.chain[0].officer == officer
    assert (work.case(case).is_paging, work.case(case).acknowledged_by) == (True, None)
    acknowledged(work, case)
    assert work.case(case).due is Due.CONTACT


def test_a_signal_after_a_failed_attempt_pages_and_asks_for_new_attempts() -> None:
    work = FakeWork()
    case = flagged(work)
    tried(work, case, reached=False)

    again(work, case)

    assert reasons(work) == ["new-signal"]
    assert work.case(case).attempts == 0


def test_a_signal_after_contact_pages_and_the_step_comes_sooner() -> None:
    work = FakeWork()
    case = flagged(work)
    contacted(work, case)
    planned(work, case)
    work.pass_time(minutes=20)

    again(work, case)

    assert reasons(work) == ["new-signal"]
    assert work.case(case).state is State.PLANNED
    acknowledged(work, case)
    assert work.case(case).next_due_at == work.time + timedelta(hours=2)


def test_a_mere_repeat_pages_only_once_the_first_minutes_have_passed() -> None:
    work = FakeWork()
    case = flagged(work)
    sent(work, case)
    run_until(work, case, minutes=2)
    again(work, case)
    assert reasons(work) == []

    run_until(work, case, minutes=15)
    again(work, case)
    assert reasons(work) == ["new-signal"]


def test_a_mere_repeat_leaves_an_officer_at_work_alone_for_an_hour() -> None:
    work = FakeWork()
    case = flagged(work)
    acknowledged(work, case)
    work.pass_time(minutes=59)
    again(work, case)
    assert reasons(work) == []

    work.pass_time(minutes=1)
    again(work, case)
    assert reasons(work) == ["new-signal"]


def test_repeated_signals_never_put_off_the_next_tier() -> None:
    work = FakeWork()
    case = flagged(work)
    for _ in range(20):
        run_until(work, case, minutes=1)
        again(work, case, acute=True)
        sent(work, case)

    assert [event.tier for event in work.events(CaseEscalatedV1)] == [2]


def test_a_signal_drops_a_request_to_close_and_pages() -> None:
    work = FakeWork()
    case = flagged(work)
    contacted(work, case)
    close_asked(work, case)
    work.pass_time(minutes=5)

    again(work, case)

    assert reasons(work) == ["new-signal"]
    with pytest.raises(CloseNotRequested):
        close_answered(work, case, by=LEAD)


def test_no_case_is_closed_while_a_signal_is_newer_than_the_last_talk() -> None:
    work = FakeWork()
    case = flagged(work)
    contacted(work, case)
    work.pass_time(minutes=5)
    again(work, case)
    close_asked(work, case)

    with pytest.raises(SignalNotAnswered):
        close_answered(work, case, by=LEAD)

    contacted(work, case)
    close_answered(work, case, by=LEAD)
    assert not work.case(case).is_open


def test_who_was_tried_since_the_last_signal_may_be_not_reachable() -> None:
    work = FakeWork()
    case = flagged(work)
    for channel in (ContactChannel.PHONE, ContactChannel.PHONE, ContactChannel.IN_PERSON):
        tried(work, case, reached=False, channel=channel)

    close_asked(work, case, CloseReason.NOT_REACHABLE)
    close_answered(work, case, by=LEAD)

    assert not work.case(case).is_open


def test_an_escalation_carries_the_roster_of_its_moment() -> None:
    work = FakeWork()
    case = flagged(work)
    sent(work, case)
    run_until(work, case, minutes=15)
    second = work.shift(2)
    run_until(work, case, minutes=15)

    nobody, somebody = work.events(CaseEscalatedV1)
    assert (nobody.chain, nobody.fallback) == ((), True)
    assert ([step.officer for step in somebody.chain], somebody.fallback) == ([second], False)
