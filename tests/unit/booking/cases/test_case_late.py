"""What happens to a case when a step is not done in time."""

from datetime import timedelta
from typing import Any

import pytest

from services.booking.cases.events import (
    Escalated,
    Overdue,
)
from services.booking.cases.steps import (
    Due,
    State,
)
from tests.unit.booking.cases.case_acts import (
    DAY,
    HOUR,
    MINUTE,
    OFFICER,
    SECOND,
    a_care_case,
    a_crisis,
    acknowledged,
    ask_to_close,
    missed,
    planned,
    reached,
)
from tests.unit.booking.cases.fakes import NINE, POLICY


def test_tier_after_tier_is_called_and_then_the_round_begins_again() -> None:
    case = a_crisis()
    marks = []

    for _ in range(3):
        marks.append(case.next_due_at)
        assert missed(case) == [Escalated(case.escalations + 1, "not-acknowledged")]
    assert case.state is State.ESCALATED
    marks.append(case.next_due_at)
    assert missed(case) == [Overdue("not-acknowledged", True)]

    assert [(each - NINE) / MINUTE for each in marks if each] == [15, 30, 60, 75]
    assert (case.round, case.escalations, case.page_reason) == (2, 0, "opened")
    assert (case.waiting_since, case.paging_since) == (NINE, NINE + 75 * MINUTE)
    assert case.step_due_at == NINE + 90 * MINUTE
    assert case.late_since == NINE + 15 * MINUTE


def test_nothing_is_missed_before_its_time() -> None:
    case = a_crisis()

    case.miss(NINE + 15 * MINUTE - timedelta(microseconds=1), POLICY)

    assert (case.happened, case.new_steps, case.late_since) == ([], [], None)


@pytest.mark.parametrize(
    ("bring", "reason", "state"),
    [
        (lambda: acknowledged(a_crisis()), "not-contacted", State.ESCALATED),
        (lambda: reached(a_crisis()), "not-planned", State.CONTACTED),
        (lambda: planned(a_crisis()), "not-followed-up", State.PLANNED),
    ],
)
def test_a_late_step_of_a_crisis_pages_again(bring: Any, reason: str, state: State) -> None:
    case = bring()
    due, late_at = case.due, case.step_due_at

    assert missed(case) == [Overdue(reason, True)]

    assert (case.due, case.resume, case.state) == (Due.ACKNOWLEDGE, due, state)
    assert (case.acknowledged_by, case.acknowledged_at) == (None, None)
    assert (case.is_paging, case.page_reason, case.late_since) == (True, reason, late_at)
    assert dict(case.new_steps[0].facts) == {"reason": reason, "paged": True}
    case.acknowledge(SECOND, late_at + MINUTE, POLICY)
    assert (case.due, case.resume) == (due, None)
    assert case.late_since == late_at


def test_once_taken_a_late_step_has_two_hours_and_a_late_contact_half_an_hour() -> None:
    late, unreached = reached(a_crisis()), acknowledged(a_crisis())
    for case in (late, unreached):
        missed(case)
    moment = NINE + 30 * HOUR

    for case in (late, unreached):
        case.acknowledge(SECOND, moment, POLICY)

    assert (late.due, late.step_due_at) == (Due.PLAN, moment + 2 * HOUR)
    assert (unreached.due, unreached.step_due_at) == (Due.CONTACT, moment + 30 * MINUTE)


def test_taken_late_but_in_time_for_the_contact_keeps_its_limit() -> None:
    case = a_crisis()
    missed(case)
    assert case.late_since is not None

    case.acknowledge(OFFICER, NINE + 119 * MINUTE, POLICY)

    assert (case.step_due_at, case.late_since) == (NINE + 2 * HOUR, None)
    at_the_limit = a_crisis()
    at_the_limit.acknowledge(OFFICER, NINE + 2 * HOUR, POLICY)
    assert at_the_limit.step_due_at == NINE + 2 * HOUR + 30 * MINUTE


@pytest.mark.parametrize(
    ("bring", "reason"),
    [
        (a_care_case, "not-contacted"),
        (lambda: reached(a_care_case()), "not-referred"),
    ],
)
def test_a_late_step_of_a_care_case_reminds_every_day(bring: Any, reason: str) -> None:
    case = bring()
    due, late_at = case.due, case.step_due_at

    assert missed(case) == [Overdue(reason, False)]

    assert (case.due, case.step_due_at) == (due, late_at + DAY)
    assert (case.is_paging, case.late_since) == (False, late_at)
    assert dict(case.new_steps[0].facts) == {"reason": reason, "paged": False}
    missed(case)
    assert case.late_since == late_at


def test_a_request_to_close_that_nobody_answers_is_forgotten() -> None:
    case = planned(a_crisis())
    due = case.step_due_at
    ask_to_close(case)

    assert missed(case) == [Overdue("close-not-confirmed", False)]

    assert (case.close_requested_by, case.step_due_at, case.late_since) == (None, due, None)
