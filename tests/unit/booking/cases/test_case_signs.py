"""New signs, pages and results that reach a case that is there already."""

from typing import Any

import pytest

from services.booking.cases.events import (
    Opened,
    Overdue,
)
from services.booking.cases.steps import (
    CloseReason,
    Due,
    State,
    Step,
)
from services.contracts.assessment import FlagSource
from tests.unit.booking.cases.case_acts import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    a_care_case,
    a_case,
    a_crisis,
    a_signal,
    acknowledged,
    ask_to_close,
    follow_up,
    heard,
    kinds,
    missed,
    planned,
    reached,
    refer,
    try_it,
)
from tests.unit.booking.cases.fakes import NINE, POLICY


def test_only_a_page_that_left_is_confirmed_and_only_once() -> None:
    case = a_crisis()

    case.page_confirmed(NINE + MINUTE)
    case.page_confirmed(NINE + 2 * MINUTE)
    assert case.new_steps == [Step(kind="page-sent", at=NINE + MINUTE)]
    assert case.page_sent_at == NINE + MINUTE
    heard(case)

    case.page_unconfirmed(NINE + 3 * MINUTE)
    assert case.page_sent_at is None
    assert case.happened == [Overdue("page-unconfirmed", True)]
    taken = acknowledged(a_crisis())
    taken.page_confirmed(NINE)
    taken.page_unconfirmed(NINE)
    assert (taken.new_steps, taken.happened) == ([], [])


def test_the_first_page_since_a_sign_answers_it_and_a_later_round_does_not() -> None:
    case, unsigned = a_crisis(), a_case()

    assert case.page_confirmed(NINE + MINUTE) is True
    assert case.page_confirmed(NINE + 2 * MINUTE) is False
    for _ in range(4):
        missed(case)
    assert (case.round, case.page_confirmed(NINE + DAY)) == (2, False)
    assert acknowledged(a_crisis()).page_confirmed(NINE) is False
    assert unsigned.page_confirmed(NINE) is False


def test_a_drill_does_not_touch_a_real_case_and_a_real_sign_ends_a_drill() -> None:
    real, drill = acknowledged(a_crisis()), acknowledged(a_crisis(drill=True))

    real.take_signal(a_signal(drill=True), NINE, POLICY)
    assert (real.new_steps, real.happened, real.drill) == ([], [], False)
    drill.take_signal(a_signal(), NINE + HOUR, POLICY)
    assert drill.drill is False
    assert drill.happened == [Opened(reopened=True)]
    again = acknowledged(a_crisis(drill=True))
    again.take_signal(a_signal(drill=True), NINE, POLICY)
    assert kinds(again) == ["signal"]


def test_a_sign_in_a_closed_case_opens_it_anew_with_nothing_left_of_before() -> None:
    case = planned(a_crisis())
    follow_up(case, NINE + 2 * DAY)
    ask_to_close(case)
    case.confirm_close(SECOND, note=None, now=NINE + 2 * DAY)
    heard(case)
    now = NINE + 9 * DAY

    case.take_signal(a_signal(source=FlagSource.HELP_REQUEST, acute=True), now, POLICY)

    assert kinds(case) == ["signal", "re-opened"]
    assert case.happened == [Opened(reopened=True)]
    assert (case.state, case.due, case.resume) == (State.OPENED, Due.ACKNOWLEDGE, Due.CONTACT)
    assert (case.opened_at, case.first_opened_at) == (now, NINE)
    assert (case.source, case.acute, case.crisis) == (FlagSource.HELP_REQUEST, True, True)
    assert (case.attempts, case.channels, case.follow_ups) == (0, (), 0)
    for forgotten in (
        case.acknowledged_at,
        case.acknowledged_by,
        case.contacted_at,
        case.planned_at,
        case.late_since,
        case.closed_at,
        case.closed_by,
        case.joined_to,
        case.close_reason,
        case.close_by,
    ):
        assert forgotten is None
    assert (case.page_reason, case.contact_by) == ("re-opened", now + 30 * MINUTE)


def test_a_sign_makes_a_crisis_of_a_care_case() -> None:
    case = a_care_case()

    case.take_signal(a_signal(), NINE + HOUR, POLICY)

    assert case.crisis
    assert case.happened == [Opened(reopened=True)]
    assert case.is_paging


@pytest.mark.parametrize(("minutes", "reopened"), [(59, False), (60, True)])
def test_a_sign_long_after_the_talk_opens_the_case_anew(minutes: int, reopened: bool) -> None:
    case = reached(a_crisis())

    case.take_signal(a_signal(), NINE + minutes * MINUTE, POLICY)

    assert (Opened(reopened=True) in case.happened) is reopened
    if not reopened:
        assert case.happened == [Overdue("new-signal", True)]


@pytest.mark.parametrize(
    ("minutes", "said", "alarms"),
    [
        (59, {}, False),
        (60, {}, True),
        (1, {"acute": True}, True),
        (1, {"source": FlagSource.HELP_REQUEST}, True),
    ],
)
def test_a_repeated_sign_pages_again_when_it_says_more(
    minutes: int, said: dict[str, Any], alarms: bool
) -> None:
    case = acknowledged(a_crisis())

    case.take_signal(a_signal(**said), NINE + minutes * MINUTE, POLICY)

    assert (case.happened == [Overdue("new-signal", True)]) is alarms
    assert case.is_paging is alarms
    assert case.signalled_at == NINE + minutes * MINUTE


def test_a_sign_after_attempts_or_a_request_to_close_starts_them_again() -> None:
    tried, closing = acknowledged(a_crisis()), acknowledged(a_crisis(person=None))
    try_it(tried, NINE + MINUTE)
    ask_to_close(closing, CloseReason.NOT_REACHABLE)

    for case in (tried, closing):
        heard(case).take_signal(a_signal(), NINE + 2 * MINUTE, POLICY)
        assert case.happened == [Overdue("new-signal", True)]

    assert (tried.attempts, tried.channels) == (0, ())
    assert closing.close_requested_by is None


def test_while_officers_are_called_a_sign_pages_again_only_after_the_first_tier() -> None:
    early, late = a_crisis(), a_crisis()
    missed(late)
    due = late.step_due_at
    late.page_confirmed(NINE + 16 * MINUTE)
    heard(late)

    early.take_signal(a_signal(), NINE + MINUTE, POLICY)
    late.take_signal(a_signal(), NINE + 16 * MINUTE, POLICY)

    assert early.happened == []
    assert late.happened == [Overdue("new-signal", True)]
    assert (late.step_due_at, late.page_sent_at) == (due, None)
    second_round = a_crisis()
    for _ in range(4):
        missed(second_round)
    heard(second_round).take_signal(a_signal(), NINE + 80 * MINUTE, POLICY)
    assert second_round.happened == [Overdue("new-signal", True)]


def test_a_sign_may_only_sharpen_the_limit_of_the_contact() -> None:
    case = acknowledged(a_crisis())
    case.take_signal(a_signal(acute=True), NINE + 10 * MINUTE, POLICY)
    assert (case.acute, case.contact_by) == (True, NINE + 40 * MINUTE)

    late = acknowledged(a_crisis())
    late.take_signal(a_signal(acute=True), NINE + 110 * MINUTE, POLICY)
    assert late.contact_by == NINE + 2 * HOUR
    case.take_signal(a_signal(acute=True), NINE + 20 * MINUTE, POLICY)
    assert case.contact_by == NINE + 40 * MINUTE

    done = reached(a_crisis())
    limit = done.contact_by
    done.take_signal(a_signal(acute=True), NINE + MINUTE, POLICY)
    assert (done.acute, done.contact_by) == (True, limit)


def test_a_wish_to_be_called_back_is_never_forgotten() -> None:
    case = a_crisis(a_signal(callback=True))

    case.take_signal(a_signal(), NINE, POLICY)
    assert case.callback
    other = a_crisis()
    other.take_signal(a_signal(callback=True), NINE, POLICY)
    assert other.callback


def test_a_worse_response_makes_a_care_case_more_urgent_and_a_milder_one_does_not() -> None:
    case = a_care_case(3)
    contact_by = case.contact_by

    case.take_response(3, NINE + HOUR, POLICY)
    assert (case.care_level, case.contact_by) == (3, contact_by)
    assert case.new_steps == [Step(kind="response", at=NINE + HOUR, facts={"care_level": 3})]

    case.take_response(4, NINE + HOUR, POLICY)
    assert case.care_level == 4
    # Level 4: the same day, which in the city ends at 16:00 UTC.
    assert case.contact_by == case.step_due_at == NINE.replace(hour=16)
    case.take_response(3, NINE + 2 * HOUR, POLICY)
    assert (case.care_level, case.contact_by) == (4, NINE.replace(hour=16))


def test_a_response_puts_nothing_off_and_changes_no_crisis() -> None:
    case, crisis = a_care_case(3), acknowledged(a_crisis())
    case.step_due_at = NINE + MINUTE
    before = (crisis.care_level, crisis.step_due_at)

    case.take_response(4, NINE + 2 * DAY, POLICY)
    crisis.take_response(4, NINE, POLICY)

    assert case.step_due_at == NINE + MINUTE
    assert (crisis.care_level, crisis.step_due_at) == before
    assert kinds(crisis) == ["response"]
    spoken_with = reached(a_care_case(3))
    due = spoken_with.step_due_at
    spoken_with.take_response(4, NINE + MINUTE, POLICY)
    assert (spoken_with.care_level, spoken_with.step_due_at) == (4, due)


def test_follow_ups_of_a_care_case_come_as_its_level_says() -> None:
    case = reached(a_care_case(4))
    refer(case)

    follow_up(case, NINE + DAY)

    assert (case.due, case.step_due_at) == (Due.FOLLOW_UP, NINE + DAY + 7 * DAY)
    assert (case.follow_ups, case.state) == (1, State.FOLLOWING_UP)
