"""A case after the contact: plan, follow-ups and advice, and when the next is due."""

import pytest

from services.booking.cases.errors import (
    NotContactedYet,
    NotPlannedYet,
)
from services.booking.cases.events import (
    Contacted,
    FollowedUp,
    Planned,
)
from services.booking.cases.steps import (
    Due,
    Level,
    State,
    Step,
)
from tests.unit.booking.cases.case_acts import (
    DAY,
    HOUR,
    MINUTE,
    NOTE,
    OFFICER,
    RESPONSIBLE,
    SECOND,
    a_care_case,
    a_crisis,
    acknowledged,
    follow_up,
    plan_it,
    planned,
    reached,
    refer,
)
from tests.unit.booking.cases.fakes import NINE


def test_a_plan_names_who_answers_for_it_and_the_first_follow_up() -> None:
    case = reached(a_crisis())

    plan_it(case, NINE + HOUR, level=Level.MODERATE, note=NOTE)

    assert case.new_steps == [
        Step(
            kind="plan",
            at=NINE + HOUR,
            by=OFFICER,
            facts={"responsible": str(RESPONSIBLE), "level": Level.MODERATE},
            note=NOTE,
        )
    ]
    assert case.happened == [Planned(RESPONSIBLE)]
    assert (case.state, case.planned_at) == (State.PLANNED, NINE + HOUR)
    assert (case.responsible, case.level) == (RESPONSIBLE, Level.MODERATE)
    assert (case.due, case.step_due_at) == (Due.FOLLOW_UP, NINE + HOUR + 72 * HOUR)


def test_a_later_plan_replaces_the_person_and_not_the_dates() -> None:
    case = planned(a_crisis())
    due = case.step_due_at

    plan_it(case, NINE + DAY, SECOND)

    assert (case.responsible, case.planned_at, case.step_due_at) == (SECOND, NINE, due)
    assert case.happened == [Planned(SECOND)]


def test_without_contact_there_is_nothing_to_plan_or_to_follow_up() -> None:
    case = acknowledged(a_crisis())

    with pytest.raises(NotContactedYet):
        plan_it(case, NINE)
    with pytest.raises(NotContactedYet):
        follow_up(case, NINE)
    with pytest.raises(NotPlannedYet):
        follow_up(reached(case), NINE)


def test_a_follow_up_moves_the_case_to_the_next_one() -> None:
    case = planned(a_crisis())

    follow_up(case, NINE + 2 * DAY, note=NOTE)

    assert case.new_steps == [
        Step(
            kind="follow-up",
            at=NINE + 2 * DAY,
            by=OFFICER,
            facts={"outcome": "reached"},
            note=NOTE,
        )
    ]
    assert case.happened == [FollowedUp(OFFICER)]
    assert (case.state, case.follow_ups, case.reached_at) == (
        State.FOLLOWING_UP,
        1,
        NINE + 2 * DAY,
    )
    assert (case.due, case.step_due_at) == (Due.FOLLOW_UP, NINE + 7 * DAY)


def test_a_talk_on_the_day_of_the_plan_is_no_follow_up_yet() -> None:
    case = planned(a_crisis())
    due = case.step_due_at

    follow_up(case, NINE + DAY - MINUTE)
    assert (case.follow_ups, case.state, case.step_due_at) == (0, State.PLANNED, due)
    assert case.reached_at == NINE + DAY - MINUTE

    follow_up(case, NINE + DAY)
    assert (case.follow_ups, case.state) == (1, State.FOLLOWING_UP)
    follow_up(case, NINE + DAY + MINUTE)
    assert case.follow_ups == 2


def test_a_follow_up_in_vain_is_tried_again_the_next_day() -> None:
    case = planned(a_crisis())
    reached_at = case.reached_at

    follow_up(case, NINE + 2 * DAY, reached=False)

    assert case.new_steps[0].facts == {"outcome": "not-reached"}
    assert case.happened == [Contacted(OFFICER, False, 2 * 24 * 3600)]
    assert (case.follow_ups, case.reached_at) == (0, reached_at)
    assert (case.due, case.step_due_at) == (Due.FOLLOW_UP, NINE + 3 * DAY)


def test_a_follow_up_does_not_put_off_the_advice_that_is_due() -> None:
    case = reached(a_care_case())
    due = case.step_due_at

    follow_up(case, NINE + 2 * DAY)

    assert (case.due, case.step_due_at, case.follow_ups) == (Due.REFER, due, 1)


def test_advice_in_a_crisis_changes_nothing_that_is_due() -> None:
    case = reached(a_crisis())
    before = (case.due, case.step_due_at)

    refer(case)

    assert (case.due, case.step_due_at) == before
    assert case.referred_at == NINE
