"""Questions one at a time: what is asked next, and what an answer may be."""

import re
from typing import Any

import pytest

from services.portal.screening.questions import code_of, question_view, step_after, unanswered
from tests.unit.portal import samples
from tests.unit.portal.pages import ZH


def gated() -> dict[str, Any]:
    """Whoever says no to the first question is asked only the last one besides."""
    items = [{"link_id": f"q{number}", "text": "?", "options": []} for number in range(1, 5)]
    skips = [{"when": {"q1": 0}, "sets": {"q2": 0, "q3": 0}}]
    return {**samples.an_instrument(), "items": items, "skips": skips}


@pytest.mark.parametrize(
    ("answers", "left"),
    [
        ({}, [1, 2, 3, 4]),
        ({"q1": 1}, [2, 3, 4]),
        ({"q1": 0}, [4]),
        ({"q1": 0, "q4": 2}, []),
        ({"q1": None}, [2, 3, 4]),
    ],
)
def test_what_a_rule_has_answered_is_not_asked(answers: dict[str, Any], left: list[int]) -> None:
    assert unanswered({"answers": answers}, gated()) == left


@pytest.mark.parametrize(
    ("number", "answers", "step"),
    [
        (1, {"q1": 1}, "2"),
        (1, {"q1": 0}, "4"),
        (4, {"q1": 0, "q4": 1}, "finish"),
        (2, {"q1": 1, "q2": 1, "q3": 1}, "3"),
    ],
)
def test_one_goes_on_past_what_need_not_be_asked(
    number: int, answers: dict[str, Any], step: str
) -> None:
    """And to what was answered already, which may be changed."""
    assert step_after(number, {"answers": answers}, gated()) == step


@pytest.mark.parametrize(
    ("given", "code"),
    [("", None), ("3", 3), ("0", 0), ("23:05", 1385), ("00:00", 0), ("7:30", 450), ("405", 405)],
)
def test_an_answer_is_a_number_a_clock_or_nothing(given: str, code: int | None) -> None:
    assert code_of(given) == code


@pytest.mark.parametrize("given", ["-1", "24:00", "12:60", "1.5", "x", "\uff13", "12:3"])
def test_anything_else_is_no_answer(given: str) -> None:
    with pytest.raises(ValueError, match=re.escape(given)):
        code_of(given)


@pytest.mark.parametrize(
    ("unit", "code", "shown"),
    [("minute-of-day", 1385, "23:05"), ("minutes", 30, "30"), ("minutes", None, "")],
)
def test_a_number_is_shown_as_it_was_given(unit: str, code: int | None, shown: str) -> None:
    number = {"low": 0, "high": 1439, "unit": unit}
    item = {"link_id": "q1", "text": "?", "options": [], "number": number}
    instrument = {**samples.an_instrument(), "items": [item]}

    view = question_view(samples.a_sitting(q1=code), instrument, 1, ZH)

    assert (view.unit, view.given) == (unit, shown)
