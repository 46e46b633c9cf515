"""Attempts: which questions, until when, how many points, which place."""

from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assessment.quizzes.attempts.domain import (
    ALPHABET,
    NotAsked,
    TimeIsUp,
    new_entry,
    places,
    questions_for,
)
from services.assessment.quizzes.attempts.usecases import Sheet
from services.assessment.quizzes.attempts.views import sheet_of
from tests.unit.assessment.quizzes.builders import NINE, a_question, a_round, an_attempt, ids

DEADLINE = NINE + timedelta(seconds=300)
MOMENT = timedelta(microseconds=1)


def test_a_point_for_each_question_that_is_wholly_right() -> None:
    first, second, third = a_question(1), a_question(2, 3), a_question(4)
    answers = {first.id: [1], second.id: [2]}

    submitted = an_attempt().submitted(
        answers, [first, second, third], now=NINE + timedelta(seconds=42.9), deadline=DEADLINE
    )

    assert (submitted.points, submitted.seconds) == (1, 42)


def test_the_last_moment_counts_and_the_deadline_is_too_late() -> None:
    attempt = an_attempt()

    assert attempt.submitted({}, [], now=DEADLINE - MOMENT, deadline=DEADLINE).seconds == 299
    with pytest.raises(TimeIsUp):
        attempt.submitted({}, [], now=DEADLINE, deadline=DEADLINE)


@pytest.mark.parametrize("chosen", [[5], [0], [1, 9]])
def test_a_choice_that_is_not_there_is_refused(chosen: list[int]) -> None:
    question = a_question(1)

    with pytest.raises(NotAsked):
        an_attempt().submitted({question.id: chosen}, [question], now=NINE, deadline=DEADLINE)


def test_an_answer_to_a_question_that_was_not_asked_is_refused() -> None:
    with pytest.raises(NotAsked):
        an_attempt().submitted({uuid4(): [1]}, [a_question(1)], now=NINE, deadline=DEADLINE)


def test_a_person_is_asked_the_same_in_the_same_order_whenever_they_look() -> None:
    round_id, person, pool = uuid4(), uuid4(), ids(20)
    shuffled = sorted(pool)

    asked = questions_for(round_id, person, pool, 5)

    assert asked == questions_for(round_id, person, shuffled, 5)
    assert len(set(asked)) == 5
    assert set(asked) <= set(pool)


def test_persons_and_rounds_have_orders_of_their_own() -> None:
    round_id, pool = UUID(int=1), [UUID(int=number) for number in range(20)]

    orders = {tuple(questions_for(round_id, UUID(int=n), pool, 20)) for n in range(50)}
    other = tuple(questions_for(UUID(int=2), UUID(int=0), pool, 20))

    assert len(orders) == 50
    assert other not in orders


def test_every_question_of_the_bank_is_asked_about_as_often() -> None:
    pool = [UUID(int=number) for number in range(10)]

    firsts = [questions_for(UUID(int=1), UUID(int=n), pool, 3) for n in range(2000)]

    counts = [sum(each in asked for asked in firsts) for each in pool]
    assert all(500 < count < 700 for count in counts), counts


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([], []),
        ([(5, 60)], [1]),
        ([(5, 60), (5, 60), (5, 61), (4, 10)], [1, 1, 3, 4]),
        ([(5, 60), (4, 60), (4, 60), (4, 60), (3, 1)], [1, 2, 2, 2, 5]),
    ],
)
def test_who_is_equal_in_points_and_time_shares_a_place(
    scores: list[tuple[int, int]], expected: list[int]
) -> None:
    assert places(scores) == expected


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=30))
def test_a_place_is_one_more_than_those_who_did_better(scores: list[tuple[int, int]]) -> None:
    ranked = sorted(scores, key=lambda each: (-each[0], each[1]))

    better = [sum((-p, s) < (-points, seconds) for p, s in ranked) for points, seconds in ranked]

    assert places(ranked) == [each + 1 for each in better]


def test_an_entry_number_can_be_read_out_and_says_nothing() -> None:
    random = Random(7)
    entries = {new_entry(random.randrange) for _ in range(1000)}

    assert len(entries) == 1000
    assert all(len(each) == 10 and set(each) <= set(ALPHABET) for each in entries)
    assert not set("0O1I") & set(ALPHABET)


def a_sheet(**more: Any) -> Sheet:
    question = a_question(2)
    given: dict[str, Any] = {
        "attempt": an_attempt(),
        "round": a_round(questions=1, seconds=300),
        "asked": [question],
        "now": NINE,
    }
    return Sheet(**{**given, **more})


def test_right_answers_are_shown_only_after_handing_in() -> None:
    sheet = a_sheet()
    [question] = sheet.asked

    before = sheet_of(sheet, "zh")
    done = sheet.attempt.submitted({question.id: [1]}, sheet.asked, now=NINE, deadline=DEADLINE)
    after = sheet_of(a_sheet(attempt=done, asked=[question], place=1), "zh")

    assert before["state"] == "running"
    assert before["questions"][0].keys() == {"id", "text", "several", "choices"}
    assert "points" not in before
    assert after["state"] == "submitted"
    assert after["questions"][0]["right"] == [2]
    assert after["questions"][0]["correct"] is False
    assert (after["points"], after["out_of"], after["place"]) == (0, 1, 1)


def test_an_attempt_whose_time_is_up_is_over_and_tells_nothing() -> None:
    shown = sheet_of(a_sheet(now=DEADLINE), "en")

    assert shown["state"] == "expired"
    assert "right" not in shown["questions"][0]
    assert shown["questions"][0]["text"] == "What helps one fall asleep?"
