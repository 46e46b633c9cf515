"""What is wrong with answers, each named by its item with a code for programs and a sentence."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from services.assessment.instruments.definition import Instrument
from services.assessment.scoring.answers import AnswerProblem, is_code, missing_items, problems_of
from services.assessment.scoring.engine import Scoring, score
from services.assessment.scoring.rounding import plain
from tests.unit.assessment.builders import PHQ9, an_instrument, answers, links, phq9


def three_items(method: str, reverse: list[str], bounds: list[int]) -> Instrument:
    score = {"id": method, "method": method, "items": links(1, 2, 3), "range": bounds}
    codes = [1, 2, 3, 4, 5]
    return an_instrument(items=3, codes=codes, scores=[{**score, "reverse": reverse}])


@pytest.mark.parametrize("answer", [True, False, 1.0, "1", -1, 4, None])
def test_only_a_code_of_the_item_is_an_answer(answer: object) -> None:
    assert not is_code(PHQ9, "q1", answer)
    assert is_code(PHQ9, "q1", 1)


@pytest.mark.parametrize(
    ("link_id", "answer", "problem"),
    [
        ("q1", 4, ("out-of-range", "The answer has to be one of 0, 1, 2, 3.")),
        ("q1", True, ("not-a-code", "An answer is one of 0, 1, 2, 3, or null.")),
        ("q1", "2", ("not-a-code", "An answer is one of 0, 1, 2, 3, or null.")),
        ("q99", 1, ("unknown-item", "phq9 has no such item.")),
        ("q99", None, ("unknown-item", "phq9 has no such item.")),
    ],
)
def test_a_wrong_answer_says_what_is_wrong_with_it(
    link_id: str, answer: object, problem: tuple[str, str]
) -> None:
    assert problems_of(PHQ9, {**phq9(), link_id: answer}) == [AnswerProblem(link_id, *problem)]


def test_a_skipped_item_is_no_problem_and_a_missing_one_is() -> None:
    given = phq9(q2=None)
    del given["q3"]

    assert problems_of(PHQ9, given) == [
        AnswerProblem("q3", "missing", "This item has no answer; null says it was skipped.")
    ]
    assert problems_of(PHQ9, given, complete=False) == []
    assert missing_items(PHQ9, given) == ["q3"]


def test_an_item_that_is_not_required_may_be_left_out() -> None:
    instrument = an_instrument(items=2, codes=[0, 1], scores=[])
    first, second = instrument.items
    instrument = replace(instrument, items=(first, replace(second, required=False)))

    assert problems_of(instrument, {}) == [
        AnswerProblem("q1", "missing", "This item has no answer; null says it was skipped.")
    ]


def test_a_stretched_score_is_moved_first_then_stretched() -> None:
    instrument = an_instrument(
        items=2,
        codes=[1, 2, 3, 4, 5],
        scores=[
            {"id": "sum", "method": "sum", "items": links(1, 2), "range": [2, 10]},
            {
                "id": "percent",
                "method": "linear",
                "of": "sum",
                "minus": 2,
                "times": 100,
                "over": 8,
                "range": [0, 100],
            },
        ],
    )

    percents = [
        score(instrument, answers(*codes)).values["percent"] for codes in [(1, 1), (2, 3), (5, 5)]
    ]

    assert percents == [0, 37.5, 100]


def test_a_mean_turns_the_items_that_are_worded_the_other_way() -> None:
    instrument = three_items("mean", links(3), [1, 5])

    assert score(instrument, answers(5, 5, 2)).values["mean"] * 3 == 14


def test_a_scoring_of_nothing_is_empty() -> None:
    assert Scoring() == Scoring(values={}, bands={}, least={}, prorated=())


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Fraction(3), 3), (Fraction(7, 2), 3.5), (Fraction(1, 3), 0.33), (Fraction(1, 200), 0.01)],
)
def test_numbers_are_shown_whole_or_with_two_decimals(value: Fraction, shown: float) -> None:
    assert (plain(value), type(plain(value))) == (shown, type(shown))


def test_a_withheld_sum_comes_at_least_to_what_was_answered_and_the_lowest_of_the_rest() -> None:
    instrument = three_items("sum", links(2, 3), [3, 15])

    found = score(instrument, answers(4, 2, None))

    assert (found.values["sum"], found.least["sum"]) == (None, 4 + 4 + 1)
