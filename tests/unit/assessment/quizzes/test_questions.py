"""Questions: what is right, and until when it can be changed."""

import pytest

from services.assessment.quizzes.bank.domain import QuestionInUse, RightAnswersUnclear, Words
from tests.unit.assessment.quizzes.builders import a_question


@pytest.mark.parametrize("right", [(5,), (0,), (1, 1), (1, 5)])
def test_right_answers_are_numbers_of_choices_each_once(right: tuple[int, ...]) -> None:
    with pytest.raises(RightAnswersUnclear):
        a_question(*right)


def test_a_question_has_a_right_answer() -> None:
    with pytest.raises(RightAnswersUnclear):
        a_question().changed({"right": ()}, asked=False)


@pytest.mark.parametrize(
    ("chosen", "right"),
    [([1, 3], True), ([3, 1], True), ([1], False), ([1, 2, 3], False), ([], False), ([2], False)],
)
def test_all_that_is_right_and_nothing_else_counts(chosen: list[int], right: bool) -> None:
    assert a_question(1, 3).is_right(chosen) is right


def test_whether_several_choices_are_right_is_told() -> None:
    assert a_question(1, 3).several
    assert not a_question(2).several


def test_a_question_nobody_was_asked_can_be_changed() -> None:
    changed = a_question(1).changed({"topic": "睡眠", "right": (2,)}, asked=False)

    assert (changed.topic, changed.right) == ("睡眠", (2,))


def test_a_question_that_was_asked_can_only_be_taken_out_of_use_and_back() -> None:
    question = a_question(1)

    assert not question.changed({"active": False}, asked=True).active
    for changes in ({"topic": "睡眠"}, {"active": False, "right": (2,)}):
        with pytest.raises(QuestionInUse):
            question.changed(changes, asked=True)


def test_fewer_choices_than_the_right_answers_need_are_refused() -> None:
    with pytest.raises(RightAnswersUnclear):
        a_question(4).changed({"choices": (Words(zh="是"), Words(zh="否"))}, asked=False)


def test_english_is_shown_where_somebody_wrote_it() -> None:
    assert Words(zh="是", en="Yes").within("en") == "Yes"
    assert Words(zh="是").within("en") == "是"
    assert Words(zh="是", en="Yes").within("zh") == "是"
