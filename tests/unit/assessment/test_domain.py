"""Sheets in progress, agreement and results, as the use cases meet them."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from services.assessment.care.levels import assess
from services.assessment.cases.domain import HELP_REQUEST, Flag, NotKept
from services.assessment.consent.domain import ConsentRequired, require
from services.assessment.consent.texts import Purpose
from services.assessment.help_requests.domain import HelpRequest, read_words
from services.assessment.instruments.definition import Critical
from services.assessment.instruments.words import Text
from services.assessment.responses.domain import (
    AnswersRefused,
    Response,
    UnknownInstrument,
    edition_of,
    refuse,
    result_of,
)
from services.assessment.scoring.answers import AnswerProblem
from services.assessment.sittings.domain import InstrumentChanged, Sitting, SittingSubmitted
from services.chassis.access import Principal, Role
from services.contracts.assessment import FlagSource, Risk
from tests.unit.assessment.builders import CATALOGUE, GAD7, PHQ9, POLICY, answers, phq9

WISH = Critical(item="q9", at_least=1, flag="suicidal-ideation")
PLAN = Critical(item="q10", at_least=1, flag="suicide-plan")


def a_sitting(**changed: Any) -> Sitting:
    given = {"id": uuid4(), "person": uuid4(), "instrument": "phq9", "version": "1.0.0"}
    return Sitting(**{**given, **changed})


def a_purpose() -> Purpose:
    return Purpose(
        id="screening", version="2", title=Text(zh="甲", en="A"), text=Text(zh="乙", en="B")
    )


def test_a_new_sheet_is_open_and_says_nothing_to_rely_on() -> None:
    sitting = a_sitting()

    assert (sitting.state, sitting.risk) == ("open", Risk.UNKNOWN)
    assert (sitting.flags, sitting.heard, sitting.answers) == ((), {}, {})
    sitting.check_open("1.0.0")


def test_a_sheet_that_was_handed_in_takes_no_more_answers() -> None:
    response = uuid4()
    handed_in = a_sitting(answers=phq9()).submitted(response)

    assert (handed_in.state, handed_in.response, handed_in.answers) == ("submitted", response, {})
    assert handed_in.remaining(PHQ9) == []
    with pytest.raises(SittingSubmitted):
        handed_in.check_open("1.0.0")


def test_a_sheet_of_an_older_version_has_to_be_started_again() -> None:
    with pytest.raises(InstrumentChanged):
        a_sitting(version="1.0.0").check_open("1.0.1")


def test_answers_are_added_and_changed_and_the_required_rest_is_named() -> None:
    sitting = a_sitting(answers={"q1": 0, "q2": 1}).answered({"q2": 3, "q3": None})

    assert sitting.answers == {"q1": 0, "q2": 3, "q3": None}
    assert sitting.remaining(PHQ9) == ["q4", "q5", "q6", "q7", "q8", "q9"]


def test_a_critical_answer_is_news_once_and_again_when_it_gets_worse() -> None:
    fresh = a_sitting()
    heard = fresh.flagged([(WISH, 1)], uuid4())

    assert fresh.is_news("q9", 0)
    assert not heard.is_news("q9", 1)
    assert heard.is_news("q9", 2)
    assert heard.is_news("q10", 1)


def test_a_further_critical_answer_is_heard_beside_the_first() -> None:
    first = a_sitting().flagged([(WISH, 1)], uuid4())

    second = first.flagged([(PLAN, 2)], uuid4())

    assert second.heard == {"q9": 1, "q10": 2}


def test_what_was_heard_stays_heard_when_the_answer_is_taken_back() -> None:
    case, later = uuid4(), uuid4()
    worst = a_sitting().flagged([(WISH, 3)], case)
    milder = worst.flagged([(WISH, 1), (PLAN, 2)], later)

    assert (worst.flags, worst.heard, worst.case) == (("suicidal-ideation",), {"q9": 3}, case)
    assert worst.risk is Risk.CRISIS
    assert milder.flags == ("suicidal-ideation", "suicide-plan")
    assert milder.heard == {"q9": 3, "q10": 2}
    assert milder.case == later


def test_flags_keep_the_order_they_came_in_and_name_nothing_twice() -> None:
    sitting = a_sitting().flagged([(PLAN, 1)], uuid4()).flagged([(WISH, 1), (PLAN, 1)], uuid4())

    assert sitting.flags == ("suicide-plan", "suicidal-ideation")


def test_consent_is_needed_to_the_present_wording() -> None:
    purpose = a_purpose()

    assert require(purpose, {"granted": True, "version": "2"}) == "2"
    for given in (None, {}, {"granted": False, "version": "2"}, {"granted": 1, "version": "2"}):
        with pytest.raises(ConsentRequired) as refusal:
            require(purpose, given)
        assert refusal.value.detail == ConsentRequired.title
    with pytest.raises(ConsentRequired, match="present version is 2"):
        require(purpose, {"granted": True, "version": "1"})


def test_a_request_belongs_to_whoever_is_signed_in() -> None:
    person = Principal(person=uuid4(), roles=frozenset({Role.WORKER}), unit="wh")
    request = HelpRequest(id=uuid4(), case=uuid4(), by=person, address="::1")

    assert request.person == person.person
    assert replace(request, by=None).person is None
    assert (request.phone, request.words, request.dialled) == ("", "", "")


def test_words_of_a_call_for_help_are_kept_up_to_two_thousand_letters() -> None:
    assert read_words({"words": "x" * 2001})["words"] == "x" * 2000


def test_eleven_digits_are_a_number_by_themselves() -> None:
    request = HelpRequest(id=uuid4(), case=uuid4(), by=None, address="::1", phone="86139000011")

    assert request.dialled == "86139000011"


def test_a_flag_asks_for_no_call_back_unless_it_says_so() -> None:
    flag = Flag(
        id=uuid4(),
        case=uuid4(),
        person=None,
        unit="wh",
        source=FlagSource.HELP_REQUEST,
        rule=HELP_REQUEST,
    )

    assert (flag.callback, flag.rule) == (False, "help-request")
    assert NotKept().status == 503


def test_an_unknown_scale_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownInstrument) as refusal:
        edition_of(CATALOGUE, "phq10")

    (fault,) = refusal.value.errors
    assert (fault.field, fault.code) == ("instrument", "unknown-instrument")
    assert all(each.instrument.id in fault.message for each in CATALOGUE)
    assert "phq9, " in fault.message or ", phq9" in fault.message
    assert edition_of(CATALOGUE, "phq9").instrument is PHQ9


def test_refused_answers_are_each_named() -> None:
    with pytest.raises(AnswersRefused) as refusal:
        refuse([AnswerProblem("q1", "missing", "no answer"), AnswerProblem("q2", "odd", "what")])

    assert [(e.field, e.message, e.code) for e in refusal.value.errors] == [
        ("answers.q1", "no answer", "missing"),
        ("answers.q2", "what", "odd"),
    ]
    refuse([])


def test_a_result_holds_all_that_a_sheet_came_to() -> None:
    given, case = phq9(q1=3, q2=3, q9=1), uuid4()
    assessment = assess(PHQ9, POLICY, given)

    result = result_of(CATALOGUE.get("phq9"), given, assessment, elapsed_seconds=2, case=case)

    assert result.answers == given
    assert result.scores["total"] == 7
    assert (result.band, result.risk) == ("mild", Risk.CRISIS)
    assert result.care_level == assessment.care_level
    assert result.rules == assessment.rules
    assert (result.prorated, result.quality) == ((), ("too-fast",))
    assert (result.elapsed_seconds, result.case) == (2, case)


def test_scores_that_are_no_numbers_are_kept_as_they_are() -> None:
    given = {**answers(*[1] * 6), "q7": None}
    result = result_of(
        CATALOGUE.get("gad7"), given, assess(GAD7, POLICY, given), elapsed_seconds=None, case=None
    )

    assert all(
        value is None or isinstance(value, str | int | float) for value in result.scores.values()
    )
    assert (result.elapsed_seconds, result.case) == (None, None)


def test_a_response_says_what_it_was_measured_by() -> None:
    response = Response(
        id=uuid4(),
        person=uuid4(),
        pins={"instrument": "phq9", "version": "1.2.0"},
        result=result_of(
            CATALOGUE.get("phq9"),
            phq9(),
            assess(PHQ9, POLICY, phq9()),
            elapsed_seconds=None,
            case=None,
        ),
    )

    assert (response.instrument, response.version) == ("phq9", "1.2.0")
