"""What a case writes down of each consequence, and who has it after each act."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.booking.cases.domain import Case
from services.booking.cases.limits import care_referral_due, next_follow_up
from services.booking.cases.steps import CloseReason, Due, State
from services.contracts.assessment import FlagSource
from tests.unit.booking.cases.case_acts import (
    DAY,
    HOUR,
    MINUTE,
    OFFICER,
    PHONE,
    SECOND,
    VISIT,
    a_care_case,
    a_crisis,
    a_signal,
    acknowledged,
    ask_to_close,
    follow_up,
    heard,
    missed,
    plan_it,
    planned,
    reached,
    refer,
    try_it,
)
from tests.unit.booking.cases.fakes import NINE, POLICY

Act = Callable[[Case, datetime], None]


def in_its_fourth_tier() -> Case:
    case = a_crisis()
    for _ in range(3):
        missed(case)
    return case


def waiting_for_a_second_person() -> Case:
    case = planned(a_crisis())
    ask_to_close(case)
    return case


@pytest.mark.parametrize(
    ("bring", "kind", "facts"),
    [
        (a_crisis, "escalated", {"tier": 2, "reason": "not-acknowledged"}),
        (in_its_fourth_tier, "overdue", {"reason": "not-acknowledged", "paged": True}),
        (lambda: reached(a_crisis()), "overdue", {"reason": "not-planned", "paged": True}),
        (a_care_case, "overdue", {"reason": "not-contacted", "paged": False}),
        (
            waiting_for_a_second_person,
            "overdue",
            {"reason": "close-not-confirmed", "paged": False},
        ),
    ],
)
def test_what_was_missed_is_on_the_timeline_with_its_moment(
    bring: Callable[[], Case], kind: str, facts: dict[str, Any]
) -> None:
    case = bring()
    due = case.next_due_at

    missed(case)

    step = case.new_steps[0]
    assert (step.kind, step.at, dict(step.facts)) == (kind, due, facts)


def test_a_page_that_did_not_leave_is_on_the_timeline() -> None:
    case = a_crisis()

    case.page_unconfirmed(NINE + MINUTE)

    assert [(step.kind, step.at) for step in case.new_steps] == [("overdue", NINE + MINUTE)]


def test_a_new_sign_while_officers_are_paged_is_on_the_timeline() -> None:
    case = a_crisis()
    now = NINE + MINUTE

    case.take_signal(a_signal(now, source=FlagSource.HELP_REQUEST), now, POLICY)

    assert [(step.kind, step.at) for step in case.new_steps] == [("signal", now), ("overdue", now)]


def test_a_new_sign_after_the_talk_pages_again_and_is_on_the_timeline() -> None:
    case = reached(a_crisis())
    now = NINE + MINUTE

    case.take_signal(a_signal(now, source=FlagSource.HELP_REQUEST), now, POLICY)

    assert [(step.kind, step.at) for step in case.new_steps] == [("signal", now), ("overdue", now)]


def test_nobody_reached_calls_the_next_tier_on_the_timeline() -> None:
    case, now = acknowledged(a_crisis()), NINE

    for number in range(POLICY.contact.least_attempts):
        now += MINUTE
        heard(case)
        try_it(case, now, channel=(PHONE, VISIT)[number % 2])

    assert case.due is Due.ACKNOWLEDGE
    assert [(step.kind, step.at) for step in case.new_steps][-1] == ("escalated", now)


def test_a_reopened_case_says_under_which_policy() -> None:
    case = reached(a_crisis())
    ask_to_close(case, CloseReason.RESOLVED)
    case.confirm_close(SECOND, note=None, now=NINE)
    heard(case)

    case.take_signal(a_signal(NINE + DAY), NINE + DAY, POLICY)

    step = case.new_steps[-1]
    assert (step.kind, step.at, dict(step.facts)) == (
        "re-opened",
        NINE + DAY,
        {"policy": POLICY.label},
    )
    assert (case.close_by, case.close_requested_by, case.close_reason) == (None, None, None)


def test_a_case_that_was_reopened_and_is_taken_late_is_late_no_more() -> None:
    case = reached(a_crisis())
    case.take_signal(a_signal(NINE + DAY), NINE + DAY, POLICY)
    missed(case)
    assert case.late_since is not None

    case.acknowledge(OFFICER, NINE + DAY + 16 * MINUTE, POLICY)

    assert case.late_since is None


def test_a_further_round_keeps_the_reason_of_the_first() -> None:
    case = acknowledged(a_crisis())
    missed(case)

    for _ in range(4):
        missed(case)

    assert (case.round, case.page_reason) == (3, "not-contacted")


@pytest.mark.parametrize(
    "act",
    [
        lambda case, now: try_it(case, now),
        lambda case, now: plan_it(case, now),
        lambda case, now: follow_up(case, now),
        lambda case, now: refer(case, now),
        lambda case, now: ask_to_close(case, CloseReason.RESOLVED, now),
    ],
)
def test_whoever_acts_for_a_case_that_waits_has_taken_it(act: Act) -> None:
    case = planned(a_crisis())
    missed(case)
    assert (case.due, case.acknowledged_by) == (Due.ACKNOWLEDGE, None)
    now = NINE + 40 * DAY

    act(case, now)

    assert (case.acknowledged_by, case.acknowledged_at) == (OFFICER, now)
    assert case.due is not Due.ACKNOWLEDGE


def test_handing_a_waiting_case_over_takes_it_first() -> None:
    case = a_crisis()

    case.hand_over(OFFICER, SECOND, note=None, now=NINE + MINUTE, policy=POLICY)

    assert [step.kind for step in case.new_steps] == ["acknowledged", "handed-over"]
    assert (case.acknowledged_by, case.acknowledged_at) == (SECOND, NINE + MINUTE)


def test_handing_a_late_case_over_leaves_two_hours_for_what_is_late() -> None:
    case, now = planned(a_crisis()), NINE + 40 * DAY
    missed(case)

    case.hand_over(OFFICER, SECOND, note=None, now=now, policy=POLICY)

    assert (case.due, case.step_due_at) == (Due.FOLLOW_UP, now + 2 * HOUR)


def test_an_escalated_case_that_is_taken_is_escalated_no_more() -> None:
    case = a_crisis()
    missed(case)
    assert case.state is State.ESCALATED

    case.acknowledge(OFFICER, NINE + 16 * MINUTE, POLICY)

    assert case.state is State.ACKNOWLEDGED


def test_a_request_to_close_is_on_the_timeline() -> None:
    case = planned(a_crisis())

    ask_to_close(case, CloseReason.RESOLVED, NINE + HOUR)

    step = case.new_steps[-1]
    assert (step.kind, step.at, step.by) == ("close-requested", NINE + HOUR, OFFICER)


def test_an_acute_sign_shortens_the_time_for_a_contact_and_for_nothing_else() -> None:
    taken, paged = acknowledged(a_crisis()), a_crisis()
    now = NINE + MINUTE

    for case in (taken, paged):
        due = case.step_due_at
        case.take_signal(a_signal(now, acute=True), now, POLICY)
        assert case.contact_by == now + 30 * MINUTE
        if case is paged:
            assert (case.due, case.step_due_at) == (Due.ACKNOWLEDGE, due)


def test_a_care_case_begins_open_and_untold() -> None:
    case = a_care_case()

    assert (case.state, case.due, case.escalations) == (State.OPENED, Due.CONTACT, 0)
    assert case.policy == POLICY.label


def test_advice_is_never_due_in_less_than_two_hours() -> None:
    late = NINE.replace(hour=15, minute=30)

    assert care_referral_due(POLICY.care, 4, NINE) == NINE.replace(hour=16)
    assert care_referral_due(POLICY.care, 4, late) == late + 2 * HOUR


def test_after_a_late_follow_up_the_next_is_a_day_away_at_least() -> None:
    late = NINE + 400 * DAY

    assert next_follow_up(POLICY.follow_up, NINE, 1, late) == late + timedelta(hours=24)
