"""What time does to a case: escalations, new rounds of paging, never an end without a due time."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.booking.cases.errors import CaseAlreadyAcknowledged
from services.booking.cases.keeping import PAGE_WATCH
from services.booking.cases.steps import CloseReason, ContactChannel, Due, State
from services.booking.cases.usecases.handle_due import find_late, handle_due
from services.booking.cases.usecases.watch_page import ConfirmPage, confirm_page
from services.chassis.errors import ServiceError
from services.contracts.booking import CaseAcknowledgedV1, CaseEscalatedV1, CaseOverdueV1
from tests.unit.booking.cases.driving import (
    LEAD,
    OFFICER,
    SECOND,
    acknowledged,
    close_answered,
    close_asked,
    contacted,
    flagged,
    followed_up,
    planned,
    run_until,
    tried,
)
from tests.unit.booking.cases.fakes import NINE, POLICY, FakeWork


def confirm(work: FakeWork, case: object, person: object = OFFICER) -> None:
    confirm_page(ConfirmPage(case=case, person=person), uow=work)


def test_unacknowledged_it_escalates_at_15_30_and_60_minutes_and_then_pages_anew() -> None:
    work = FakeWork()
    case = flagged(work)
    confirm(work, case)

    run_until(work, case, minutes=74)
    assert [event.tier for event in work.events(CaseEscalatedV1)] == [2, 3, 4]
    assert work.case(case).state is State.ESCALATED
    assert work.case(case).late_since == NINE + timedelta(minutes=15)

    officer = work.shift(1)
    run_until(work, case, minutes=1)
    [overdue] = work.events(CaseOverdueV1)
    assert overdue.reason == "not-acknowledged"
    assert overdue.chain[0].officer == officer
    assert overdue.chain[0].due_at == NINE + timedelta(minutes=75)
    assert work.case(case).round == 2


def test_acknowledging_stops_the_pages_and_starts_the_contact_clock() -> None:
    work = FakeWork()
    case = flagged(work)
    work.pass_time(minutes=9)

    acknowledged(work, case)

    found = work.case(case)
    assert (found.state, found.due) == (State.ACKNOWLEDGED, Due.CONTACT)
    assert found.next_due_at == NINE + timedelta(hours=2)
    [event] = work.events(CaseAcknowledgedV1)
    assert (event.officer, event.seconds) == (OFFICER, 540)
    assert (PAGE_WATCH, str(case)) not in work.timers.set_for


def test_acknowledging_twice_is_once_and_a_second_officer_is_told() -> None:
    work = FakeWork()
    case = flagged(work)

    acknowledged(work, case)
    acknowledged(work, case)

    assert len(work.events(CaseAcknowledgedV1)) == 1
    with pytest.raises(CaseAlreadyAcknowledged):
        acknowledged(work, case, by=SECOND)


def test_an_acknowledgement_without_contact_expires_and_pages_again() -> None:
    work = FakeWork()
    work.shift(1)
    case = flagged(work)
    acknowledged(work, case)

    run_until(work, case, hours=2)

    found = work.case(case)
    assert (found.state, found.acknowledged_by) == (State.ESCALATED, None)
    assert found.is_paging
    [overdue] = work.events(CaseOverdueV1)
    assert (overdue.reason, len(overdue.chain)) == ("not-contacted", 1)

    acknowledged(work, case, by=SECOND)
    assert work.case(case).next_due_at == work.time + timedelta(minutes=30)
    assert work.case(case).late_since is not None
    assert work.events(CaseAcknowledgedV1)[1].seconds == 0


def test_contact_without_acknowledgement_is_both() -> None:
    work = FakeWork()
    case = flagged(work)

    contacted(work, case)

    assert work.types() == ["case-opened", "case-acknowledged", "case-contacted"]
    assert work.case(case).state is State.CONTACTED
    assert work.case(case).due is Due.PLAN


def test_attempts_that_reach_nobody_go_on_and_after_three_on_two_channels_the_next_tier_helps() -> (
    None
):
    work = FakeWork()
    case = flagged(work)
    acknowledged(work, case)

    tried(work, case, reached=False)
    assert work.case(case).next_due_at == work.time + timedelta(minutes=30)
    tried(work, case, reached=False)
    tried(work, case, reached=False)
    assert work.events(CaseEscalatedV1) == []
    tried(work, case, reached=False, channel=ContactChannel.IN_PERSON)

    [event] = work.events(CaseEscalatedV1)
    assert (event.tier, event.reason) == (2, "not-reached")
    assert work.case(case).is_paging
    acknowledged(work, case, by=SECOND)
    tried(work, case, reached=False, channel=ContactChannel.IN_PERSON)
    assert len(work.events(CaseEscalatedV1)) == 1
    assert work.case(case).next_due_at == work.time + timedelta(hours=2)


def test_the_follow_ups_come_at_72_hours_7_days_weekly_four_times_then_every_two_weeks() -> None:
    work = FakeWork()
    case = flagged(work)
    contacted(work, case)
    planned(work, case)
    plan_time = work.time

    found = []
    for _ in range(8):
        due = work.case(case).next_due_at
        assert due is not None
        found.append((due - plan_time) / timedelta(days=1))
        work.time = due - timedelta(minutes=1)
        followed_up(work, case)

    assert found == [3, 7, 14, 21, 28, 35, 49, 63]
    assert work.case(case).state is State.FOLLOWING_UP


def test_a_talk_on_the_day_of_the_plan_is_no_follow_up_yet() -> None:
    work = FakeWork()
    case = flagged(work)
    contacted(work, case)
    planned(work, case)

    work.pass_time(hours=3)
    followed_up(work, case)

    assert work.case(case).follow_ups == 0
    assert work.case(case).next_due_at == NINE + timedelta(hours=72)


def test_a_late_follow_up_pages_and_gives_the_officer_two_hours_once_taken() -> None:
    work = FakeWork()
    case = flagged(work)
    contacted(work, case)
    planned(work, case)

    run_until(work, case, hours=72)
    assert work.events(CaseOverdueV1)[0].reason == "not-followed-up"
    assert work.case(case).state is State.PLANNED

    work.pass_time(minutes=5)
    acknowledged(work, case)
    assert work.case(case).due is Due.FOLLOW_UP
    assert work.case(case).next_due_at == work.time + timedelta(hours=2)
    assert work.events(CaseAcknowledgedV1)[-1].seconds == 300

    followed_up(work, case)
    assert work.case(case).late_since is None


def test_a_page_that_does_not_leave_is_repeated_with_the_roster_of_that_moment() -> None:
    work = FakeWork()
    case = flagged(work)
    officer = work.shift(1)

    run_until(work, case, seconds=31)

    [overdue] = work.events(CaseOverdueV1)
    assert (overdue.reason, overdue.chain[0].officer) == ("page-unconfirmed", officer)
    assert work.timers.set_for[PAGE_WATCH, str(case)][0] == NINE + timedelta(seconds=90)


def test_repeated_pages_keep_the_times_of_the_later_tiers() -> None:
    work = FakeWork()
    work.shift(1)
    work.shift(2)
    case = flagged(work)

    run_until(work, case, seconds=31)

    [overdue] = work.events(CaseOverdueV1)
    assert [step.due_at - NINE for step in overdue.chain] == [
        timedelta(seconds=30),
        timedelta(minutes=15),
    ]


def test_a_sent_page_ends_the_watch_but_a_message_to_the_worker_does_not() -> None:
    work = FakeWork()
    case = flagged(work)

    confirm(work, case, person=work.case(case).person)
    assert (PAGE_WATCH, str(case)) in work.timers.set_for

    confirm(work, case)
    assert (PAGE_WATCH, str(case)) not in work.timers.set_for
    assert work.case(case).page_sent_at == NINE


def test_a_message_about_an_unknown_case_changes_nothing() -> None:
    work = FakeWork()

    confirm(work, OFFICER)

    assert work.cases.rows == {}


def test_a_lost_timer_is_found_by_the_sweep() -> None:
    work = FakeWork()
    case = flagged(work)
    work.timers.set_for.clear()

    work.pass_time(minutes=16)

    assert find_late(uow=work) == [case]
    assert handle_due(case, uow=work, policy=POLICY)
    assert work.types()[-1] == "case-escalated"
    assert find_late(uow=work) == []


def test_a_timer_older_than_the_clock_only_sets_itself_anew() -> None:
    work = FakeWork()
    case = flagged(work)
    acknowledged(work, case)
    work.pass_time(minutes=15)

    assert not handle_due(case, uow=work, policy=POLICY)
    assert work.types() == ["case-opened", "case-acknowledged"]


def test_a_request_to_close_that_nobody_answers_expires() -> None:
    work = FakeWork()
    case = flagged(work)
    contacted(work, case)
    planned(work, case)
    close_asked(work, case)
    assert work.case(case).next_due_at == NINE + timedelta(hours=24)

    run_until(work, case, hours=24)

    assert work.case(case).close_requested_by is None
    assert work.case(case).next_due_at == NINE + timedelta(hours=72)
    [overdue] = work.events(CaseOverdueV1)
    assert (overdue.reason, overdue.chain, overdue.fallback) == ("close-not-confirmed", (), False)


MOVES = {
    "acknowledge": lambda work, case: acknowledged(work, case),
    "other": lambda work, case: acknowledged(work, case, by=SECOND),
    "reach": lambda work, case: tried(work, case, reached=True),
    "miss": lambda work, case: tried(work, case, reached=False),
    "plan": planned,
    "follow-up": followed_up,
    "failed": lambda work, case: followed_up(work, case, reached=False),
    "ask": lambda work, case: close_asked(work, case, CloseReason.NOT_REACHABLE),
    "resolved": close_asked,
    "confirm": lambda work, case: close_answered(work, case, by=LEAD),
    "refuse": lambda work, case: close_answered(work, case, by=LEAD, agreed=False),
    "signal": lambda work, case: flagged(work, case=case, person=work.case(case).person),
    "page-sent": confirm,
    "minute": lambda work, case: run_until(work, case, minutes=7),
    "hours": lambda work, case: run_until(work, case, hours=3),
    "days": lambda work, case: (confirm(work, case), run_until(work, case, hours=73)),
}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=9))
def test_whatever_happens_an_open_case_has_a_due_time_and_a_timer(moves: list[str]) -> None:
    work = FakeWork()
    case = flagged(work)
    for move in moves:
        with suppress(ServiceError):
            MOVES[move](work, case)

        found = work.case(case)
        assert found.is_open == (found.next_due_at is not None)
        timer = work.timers.set_for.get(("case-due", str(case)))
        assert (timer[0] if timer else None) == found.next_due_at
        assert found.next_due_at is None or found.next_due_at > work.time
        assert found.is_paging == (found.is_open and found.due is Due.ACKNOWLEDGE)
        watched = (PAGE_WATCH, str(case)) in work.timers.set_for
        assert watched == (found.is_paging and found.page_sent_at is None)
