"""Rounds: draft, open, closed, drawn, and the edges of the window."""

from datetime import timedelta
from typing import Any

import pytest

from services.assessment.quizzes.reach import OutsideYourUnit, require_reach
from services.assessment.quizzes.rounds.domain import (
    EntriesNotFixed,
    NotEnoughQuestions,
    PrizeOutOfReach,
    RoundNotClosed,
    RoundNotDraft,
    RoundNotFound,
    RoundNotOpenYet,
    RoundOver,
    RoundState,
    WindowEmpty,
)
from services.assessment.quizzes.rounds.draw import Prize
from services.chassis.access import Principal, Role
from tests.unit.assessment.quizzes.builders import HOUR, NINE, a_round, ids

MOMENT = timedelta(microseconds=1)


def test_a_round_closes_after_it_opens() -> None:
    with pytest.raises(WindowEmpty):
        a_round(closes_at=NINE)


def test_no_prize_asks_for_more_points_than_there_are() -> None:
    with pytest.raises(PrizeOutOfReach):
        a_round(questions=2, prizes=(Prize(title="奖", count=1, least_points=3),))


def test_a_draft_is_opened_closed_and_drawn_in_this_order() -> None:
    draft = a_round(state=RoundState.DRAFT)

    opened = draft.opened(commitment="c", pool=2, now=NINE)
    drawn = opened.closed().drawn("s")

    assert [each.state for each in (opened, opened.closed(), drawn)] == ["open", "closed", "drawn"]
    assert (opened.commitment, opened.seed, drawn.seed) == ("c", None, "s")


def test_a_round_is_opened_once_and_before_its_end() -> None:
    draft = a_round(state=RoundState.DRAFT)

    with pytest.raises(RoundOver):
        draft.opened(commitment="c", pool=2, now=NINE + HOUR)
    with pytest.raises(NotEnoughQuestions):
        draft.opened(commitment="c", pool=1, now=NINE)
    with pytest.raises(RoundNotDraft):
        a_round().opened(commitment="c", pool=2, now=NINE)


@pytest.mark.parametrize("state", [RoundState.DRAFT, RoundState.OPEN, RoundState.DRAWN])
def test_only_a_closed_round_is_drawn(state: RoundState) -> None:
    with pytest.raises(RoundNotClosed):
        a_round(state=state).drawn("s")


def test_closing_again_changes_nothing() -> None:
    for state in (RoundState.DRAFT, RoundState.CLOSED, RoundState.DRAWN):
        assert a_round(state=state).closed().state is state


def test_only_a_draft_is_changed() -> None:
    assert a_round(state=RoundState.DRAFT).changed({"seconds": 60}).seconds == 60
    with pytest.raises(RoundNotDraft):
        a_round().changed({"seconds": 60})
    with pytest.raises(WindowEmpty):
        a_round(state=RoundState.DRAFT).changed({"closes_at": NINE})


def test_the_window_holds_its_beginning_and_not_its_end() -> None:
    round_ = a_round()

    round_.check_running(NINE)
    round_.check_running(NINE + HOUR - MOMENT)
    with pytest.raises(RoundNotOpenYet):
        round_.check_running(NINE - MOMENT)
    with pytest.raises(RoundOver):
        round_.check_running(NINE + HOUR)
    with pytest.raises(RoundOver):
        round_.closed().check_running(NINE)


def test_the_seconds_allowed_end_with_the_window() -> None:
    round_ = a_round(seconds=300)

    assert round_.deadline_of(NINE) == NINE + timedelta(seconds=300)
    assert round_.deadline_of(NINE + timedelta(minutes=58)) == round_.closes_at


@pytest.mark.parametrize("unit", ["wh/hc", "wh/hc/e0001"])
def test_a_round_is_for_its_unit_and_those_below(unit: str) -> None:
    a_round(unit="wh/hc").check_for(unit)


@pytest.mark.parametrize("unit", ["wh", "wh/h", "wh/hc2", "wh/h/e0001", ""])
def test_nobody_else_finds_it(unit: str) -> None:
    with pytest.raises(RoundNotFound):
        a_round(unit="wh/hc").check_for(unit)


def test_nobody_finds_a_draft() -> None:
    with pytest.raises(RoundNotFound):
        a_round(state=RoundState.DRAFT).check_for("wh/hc")


def test_entries_are_told_once_nobody_takes_part_any_more() -> None:
    with pytest.raises(EntriesNotFixed):
        a_round().check_fixed()
    a_round().closed().check_fixed()
    a_round().closed().drawn("s").check_fixed()


def an_admin(role: Role, unit: str) -> Principal:
    return Principal(ids(1)[0], frozenset({role}), unit)


@pytest.mark.parametrize(
    ("role", "unit", "target", "reaches"),
    [
        (Role.CITY_ADMIN, "wh", "wh/hc", True),
        (Role.DISTRICT_ADMIN, "wh/hc", "wh/hc/e0001", True),
        (Role.DISTRICT_ADMIN, "wh/h", "wh/hc", False),
        (Role.UNIT_ADMIN, "wh/hc/e0001", "wh/hc/e0001", True),
        (Role.UNIT_ADMIN, "wh/hc/e0001", "wh/hc", False),
        (Role.UNIT_ADMIN, "wh/hc/e0001", "wh/hc/e00011", False),
    ],
)
def test_an_administrator_reaches_the_own_subtree(
    role: Role, unit: str, target: str, reaches: bool
) -> None:
    arguments: Any = (an_admin(role, unit), unit, target)

    if reaches:
        require_reach(*arguments)
    else:
        with pytest.raises(OutsideYourUnit):
            require_reach(*arguments)
