"""A case handed over, closed by two, or joined to another."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.booking.cases.errors import (
    AttemptsMissing,
    CaseIsClosed,
    CloseNotRequested,
    NoDrill,
    NotContactedYet,
    SecondPersonNeeded,
    SignalNotAnswered,
)
from services.booking.cases.events import (
    Acknowledged,
    Closed,
)
from services.booking.cases.steps import (
    CloseReason,
    State,
    Step,
)
from tests.unit.booking.cases.case_acts import (
    DAY,
    HOUR,
    MINUTE,
    NOTE,
    OFFICER,
    PHONE,
    SECOND,
    VISIT,
    a_crisis,
    a_signal,
    acknowledged,
    ask_to_close,
    follow_up,
    heard,
    kinds,
    plan_it,
    planned,
    reached,
    refer,
    try_it,
)
from tests.unit.booking.cases.fakes import NINE, POLICY


def test_handing_over_changes_who_answers_for_the_case() -> None:
    case = planned(a_crisis())

    case.hand_over(OFFICER, SECOND, note=NOTE, now=NINE + HOUR, policy=POLICY)

    assert case.new_steps == [
        Step(kind="handed-over", at=NINE + HOUR, by=OFFICER, facts={"to": str(SECOND)}, note=NOTE)
    ]
    assert (case.acknowledged_by, case.responsible) == (SECOND, SECOND)
    unplanned = acknowledged(a_crisis())
    unplanned.hand_over(OFFICER, SECOND, note=None, now=NINE, policy=POLICY)
    assert (unplanned.acknowledged_by, unplanned.responsible) == (SECOND, None)


def test_whoever_hands_over_a_case_nobody_took_has_taken_it() -> None:
    case = a_crisis()

    case.hand_over(OFFICER, SECOND, note=None, now=NINE, policy=POLICY)

    assert kinds(case) == ["acknowledged", "handed-over"]
    assert case.happened == [Acknowledged(OFFICER, 0)]


def test_closing_takes_two_and_is_written_down_both_times() -> None:
    case = reached(a_crisis())

    ask_to_close(case, now=NINE + HOUR)
    asked = case.new_steps[0]
    assert (asked.kind, asked.by, asked.note) == ("close-requested", OFFICER, NOTE)
    assert asked.facts == {"reason": CloseReason.RESOLVED}
    assert (case.close_reason, case.close_requested_by) == (CloseReason.RESOLVED, OFFICER)
    assert case.close_by == NINE + HOUR + 24 * HOUR
    assert case.happened == []
    with pytest.raises(SecondPersonNeeded):
        case.confirm_close(OFFICER, note=None, now=NINE + 2 * HOUR)
    heard(case)

    case.confirm_close(SECOND, note=NOTE, now=NINE + 2 * HOUR)

    assert case.new_steps == [
        Step(
            kind="closed",
            at=NINE + 2 * HOUR,
            by=SECOND,
            facts={"reason": "resolved"},
            note=NOTE,
        )
    ]
    assert case.happened == [Closed()]
    assert (case.state, case.is_open) == (State.CLOSED, False)
    assert (case.closed_at, case.closed_by) == (NINE + 2 * HOUR, SECOND)
    assert case.next_due_at is case.close_by is case.step_due_at is None


def test_the_answer_to_a_request_is_due_where_it_comes_first() -> None:
    case = planned(a_crisis())
    step = case.step_due_at

    ask_to_close(case)
    assert case.next_due_at == case.close_by == NINE + DAY
    case.step_due_at = NINE + HOUR
    assert case.next_due_at == NINE + HOUR
    case.step_due_at = step


def test_a_refused_request_is_forgotten_and_the_clock_goes_on() -> None:
    case = planned(a_crisis())
    due = case.step_due_at
    ask_to_close(case)
    heard(case)

    case.refuse_close(SECOND, note=NOTE, now=NINE + HOUR)

    assert case.new_steps == [Step(kind="close-refused", at=NINE + HOUR, by=SECOND, note=NOTE)]
    assert case.close_reason is case.close_requested_by is case.close_by is None
    assert (case.is_open, case.next_due_at) == (True, due)
    for answer in (case.refuse_close, case.confirm_close):
        with pytest.raises(CloseNotRequested):
            answer(SECOND, note=None, now=NINE + HOUR)


def test_nothing_is_done_to_a_case_that_is_over() -> None:
    case = reached(a_crisis())
    ask_to_close(case)
    case.confirm_close(SECOND, note=None, now=NINE)

    acts: list[Any] = [
        lambda: case.acknowledge(OFFICER, NINE, POLICY),
        lambda: try_it(case, NINE),
        lambda: plan_it(case, NINE),
        lambda: follow_up(case, NINE),
        lambda: refer(case),
        lambda: ask_to_close(case),
        lambda: case.confirm_close(SECOND, note=None, now=NINE),
        lambda: case.refuse_close(SECOND, note=None, now=NINE),
        lambda: case.hand_over(OFFICER, SECOND, note=None, now=NINE, policy=POLICY),
    ]
    for act in acts:
        with pytest.raises(CaseIsClosed):
            act()


def test_a_reason_has_to_fit_what_was_done() -> None:
    case = acknowledged(a_crisis())

    with pytest.raises(NotContactedYet):
        ask_to_close(case, CloseReason.RESOLVED)
    with pytest.raises(NoDrill):
        ask_to_close(case, CloseReason.DRILL_FINISHED)
    with pytest.raises(AttemptsMissing):
        ask_to_close(case, CloseReason.NOT_REACHABLE)
    case.attempts, case.channels = 3, (PHONE, VISIT)
    ask_to_close(case, CloseReason.NOT_REACHABLE)
    ask_to_close(acknowledged(a_crisis(drill=True)), CloseReason.DRILL_FINISHED)


@pytest.mark.parametrize(
    ("person", "callback", "closable"),
    [(None, False, True), (None, True, False), (uuid4(), False, False), (uuid4(), True, False)],
)
def test_nobody_has_to_be_tried_where_there_is_nobody_to_call(
    person: UUID | None, callback: bool, closable: bool
) -> None:
    case = acknowledged(a_crisis(a_signal(callback=callback), person=person))

    if closable:
        ask_to_close(case, CloseReason.NOT_REACHABLE)
    else:
        with pytest.raises(AttemptsMissing):
            ask_to_close(case, CloseReason.NOT_REACHABLE)


def test_a_sign_that_nobody_answered_keeps_the_case_open() -> None:
    case = reached(a_crisis(), NINE + HOUR)
    case.take_signal(a_signal(), NINE + HOUR + MINUTE, POLICY)
    ask_to_close(case, now=NINE + 2 * HOUR)

    with pytest.raises(SignalNotAnswered):
        case.confirm_close(SECOND, note=None, now=NINE + 2 * HOUR)
    try_it(case, NINE + 3 * HOUR, reached=True)
    case.confirm_close(SECOND, note=None, now=NINE + 3 * HOUR)
    assert not case.is_open


def test_who_was_reached_at_the_moment_of_the_sign_has_been_answered() -> None:
    case = reached(a_crisis(), NINE)
    ask_to_close(case)

    case.confirm_close(SECOND, note=None, now=NINE)

    assert not case.is_open


@pytest.mark.parametrize("reason", [CloseReason.DRILL_FINISHED, CloseReason.NOT_REACHABLE])
def test_a_drill_and_who_is_not_reachable_need_no_answer(reason: CloseReason) -> None:
    case = acknowledged(a_crisis(drill=True, person=None))
    ask_to_close(case, reason)

    case.confirm_close(SECOND, note=None, now=NINE)

    assert not case.is_open


def test_a_case_that_joins_another_says_which() -> None:
    case, into = acknowledged(a_crisis()), uuid4()

    case.join(into, NINE + HOUR)

    assert case.new_steps == [
        Step(kind="closed", at=NINE + HOUR, facts={"reason": "joined", "case": str(into)})
    ]
    assert (case.joined_to, case.close_reason) == (into, CloseReason.JOINED)
    assert (case.state, case.closed_at, case.closed_by) == (State.CLOSED, NINE + HOUR, None)
    assert case.happened == [Closed()]
