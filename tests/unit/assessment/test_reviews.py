"""Answers that a counsellor should look at, and that are no crisis."""

import msgspec
import pytest

from services.assessment.care.levels import assess, critical_answers
from services.contracts.assessment import Risk
from tests.unit.assessment.builders import CATALOGUE, PHQ9, POLICY, links, phq9

PCL5 = CATALOGUE.edition("pcl5").instrument
CALM = dict.fromkeys(links(*range(1, 21)), 0)


def test_an_answer_to_be_looked_at_raises_the_level_and_says_why() -> None:
    found = assess(PCL5, POLICY, {**CALM, "q16": 3})

    assert (found.care_level, found.risk, found.flags) == (3, Risk.URGENT, ())
    assert found.rules == ("review:risk-behaviour-review",)
    assert assess(PCL5, POLICY, {**CALM, "q16": 2}).care_level == 0


def test_it_never_lowers_what_the_scores_call_for_and_stands_beside_their_rules() -> None:
    review = msgspec.structs.replace(POLICY.review, care_level=1)
    milder = msgspec.structs.replace(POLICY, review=review)

    found = assess(PCL5, milder, dict.fromkeys(links(*range(1, 21)), 3))

    assert found.care_level == 2
    assert found.rules == ("pcl5-total", "review:risk-behaviour-review")


def test_a_policy_may_have_no_such_answers() -> None:
    without = msgspec.structs.replace(POLICY, review=None)

    assert without.reviewed == ()
    assert assess(PCL5, without, {**CALM, "q16": 4}).care_level == 0


@pytest.mark.parametrize(("answer", "heard"), [(0, []), (1, [("q9", 1)]), (3, [("q9", 3)])])
def test_critical_answers_are_told_with_what_was_said(
    answer: int, heard: list[tuple[str, int]]
) -> None:
    found = critical_answers(PHQ9, POLICY, phq9(q9=answer))

    assert [(critical.item, code) for critical, code in found] == heard


def test_an_answer_to_be_looked_at_is_no_crisis_signal() -> None:
    assert critical_answers(PCL5, POLICY, {**CALM, "q16": 4}) == ()
