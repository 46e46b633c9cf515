"""Sheets that were clicked through."""

from services.assessment.scoring.quality import quality_flags
from tests.unit.assessment.builders import PHQ9, answers, phq9


def test_under_a_second_an_item_is_too_fast() -> None:
    assert quality_flags(PHQ9, phq9(q1=1), 8) == ("too-fast",)
    assert quality_flags(PHQ9, phq9(q1=1), 9) == ()
    assert quality_flags(PHQ9, phq9(q1=1), None) == ()


def test_one_answer_throughout_is_a_straight_line_unless_it_is_the_lowest() -> None:
    assert quality_flags(PHQ9, answers(*[2] * 9), None) == ("straight-line",)
    assert quality_flags(PHQ9, answers(*[2] * 8, 1), None) == ()
    assert quality_flags(PHQ9, phq9(), None) == ()


def test_a_straight_line_needs_five_answers() -> None:
    assert quality_flags(PHQ9, answers(*[2] * 5), None) == ("straight-line",)
    assert quality_flags(PHQ9, answers(*[2] * 4), None) == ()
