"""What an import has to be, and where its words go."""

from typing import Any
from uuid import uuid4

import msgspec
import pytest

from services.assessment.wordings.domain import (
    Right,
    RightNotConfirmed,
    UnusableDefinition,
    VersionNotNewer,
    imported,
    next_version,
)
from services.assessment.wordings.questionnaire import definition_of, words_of
from services.assessment.wordings.words import Words, worded
from tests.unit.assessment.builders import CATALOGUE, PHQ9, POLICY, an_instrument

UCLA3 = CATALOGUE.edition("ucla3").instrument
RIGHT = Right("Permission of the authors, 2026", uuid4())


def with_words(**changed: Any) -> dict[str, Any]:
    """UCLA-3 with words that are nobody's."""
    words = Words(
        items={f"q{number}": {"zh": f"题{number}"} for number in (1, 2, 3)},
        options={("answers", code): {"zh": f"答{code}"} for code in (1, 2, 3)},
    )
    return worded(UCLA3, words) | changed


def test_an_import_is_asked_under_the_right_that_was_stated() -> None:
    taken = imported(with_words(), UCLA3, RIGHT, POLICY)

    assert (taken.licence.ship, taken.licence.status) == ("imported", RIGHT.statement)
    assert taken.licence.notice == UCLA3.licence.notice
    assert taken.languages == ("zh",)
    assert taken.scores == UCLA3.scores


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"version": "one"}, "version"),
        ({"main": "nothing"}, "main score nothing"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_what_cannot_be_asked_or_scored_is_refused_and_named(
    changed: dict[str, Any], told: str
) -> None:
    with pytest.raises(UnusableDefinition, match=told):
        imported(with_words(**changed), UCLA3, RIGHT, POLICY)


@pytest.mark.parametrize("version", ["1.0.0", "0.9.9", "1.0.0"])
def test_a_version_that_is_not_above_the_one_in_use_is_refused(version: str) -> None:
    with pytest.raises(VersionNotNewer, match=r"ucla3 is in use as version 1\.0\.0"):
        imported(with_words(version=version), UCLA3, RIGHT, POLICY)


@pytest.mark.parametrize("version", ["1.0.1", "1.1.0", "2.0.0", "1.10.0"])
def test_versions_are_compared_as_numbers(version: str) -> None:
    present = msgspec.structs.replace(UCLA3, version="1.0.0")

    assert imported(with_words(version=version), present, RIGHT, POLICY).version == version
    assert imported(with_words(version=version), None, RIGHT, POLICY).version == version


def test_ten_is_above_nine() -> None:
    present = msgspec.structs.replace(UCLA3, version="1.9.0")

    assert imported(with_words(version="1.10.0"), present, RIGHT, POLICY).version == "1.10.0"


@pytest.mark.parametrize(("version", "after"), [("1.0.0", "1.1.0"), ("2.9.4", "2.10.0")])
def test_words_alone_make_the_next_minor_version(version: str, after: str) -> None:
    assert next_version(msgspec.structs.replace(UCLA3, version=version)) == after


def phq9_again(**changed: Any) -> dict[str, Any]:
    """PHQ-9 itself as a higher version."""
    return {**msgspec.to_builtins(PHQ9), "version": "1.1.0", **changed}


@pytest.mark.parametrize(
    "critical",
    [
        [],
        [{"item": "q9", "at_least": 2, "flag": "suicidal-ideation"}],
        [{"item": "q8", "at_least": 1, "flag": "suicidal-ideation"}],
        [{"item": "q9", "at_least": 1, "flag": "risk-behaviour-review"}],
    ],
    ids=["nothing", "later", "elsewhere", "of less consequence"],
)
def test_no_import_takes_a_critical_answer_away(critical: list[dict[str, Any]]) -> None:
    with pytest.raises(UnusableDefinition, match="q9 has to stay critical from 1 on"):
        imported(phq9_again(critical=critical), PHQ9, RIGHT, POLICY)


def test_an_import_may_hear_more() -> None:
    critical = [
        {"item": "q9", "at_least": 1, "flag": "suicidal-ideation"},
        {"item": "q6", "at_least": 3, "flag": "hopelessness-review"},
    ]

    taken = imported(phq9_again(critical=critical), PHQ9, RIGHT, POLICY)

    assert [each.item for each in taken.critical] == ["q9", "q6"]


def test_a_critical_answer_without_a_consequence_in_the_policy_is_refused() -> None:
    critical = [{"item": "q1", "at_least": 2, "flag": "hears-voices"}]

    with pytest.raises(UnusableDefinition, match="ucla3 q1: hears-voices has no consequence"):
        imported(with_words(critical=critical), UCLA3, RIGHT, POLICY)


def test_an_import_keeps_the_scores_that_the_policy_goes_by() -> None:
    scores = [{**msgspec.to_builtins(PHQ9.scores[0]), "id": "sum"}]

    with pytest.raises(UnusableDefinition, match="rule phq9-total measures nothing of phq9"):
        imported(phq9_again(scores=scores, main="sum"), PHQ9, RIGHT, POLICY)


def test_words_are_laid_over_those_that_are_there() -> None:
    words = Words(items={"q1": {"zh": "新的第一题"}}, stem={"en": "Lately"})

    document = worded(PHQ9, words)

    first, second = (item.text for item in PHQ9.items[:2])
    assert first is not None
    assert second is not None
    assert PHQ9.stem is not None
    assert document["items"][0]["text"] == {"zh": "新的第一题", "en": first.en}
    assert document["items"][1]["text"]["zh"] == second.zh
    assert document["stem"] == {"zh": PHQ9.stem.zh, "en": "Lately"}
    assert document["version"] == "1.1.0"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (Words(items={"q10": {"zh": "x"}}), "phq9 has no q10"),
        (Words(options={("frequency", 4): {"zh": "x"}}), "phq9 has no frequency 4"),
        (Words(options={("often", 0): {"zh": "x"}}), "phq9 has no often 0"),
    ],
)
def test_words_for_what_is_not_there_are_refused(words: Words, told: str) -> None:
    with pytest.raises(UnusableDefinition, match=told):
        worded(PHQ9, words)


def asked(link_id: str, **more: Any) -> dict[str, Any]:
    return {"linkId": link_id, "type": "choice", "text": f"text of {link_id}", **more}


def test_items_of_a_questionnaire_are_found_by_id_by_loinc_or_in_order() -> None:
    by_code = asked("/69722-7", code=[{"code": "44250-9"}])
    nested = {"type": "group", "item": [asked("q2"), by_code]}

    found = words_of({"language": "en-GB", "item": [nested]}, PHQ9)

    assert found.items == {
        "q2": {"en": "text of q2"},
        "q1": {"en": "text of /69722-7"},
    }
    in_order = words_of({"item": [asked("a"), asked("b"), asked("c")]}, UCLA3)
    assert list(in_order.items) == ["q1", "q2", "q3"]
    assert in_order.items["q1"] == {"zh": "text of a"}


def test_answers_of_a_questionnaire_are_found_by_their_weight() -> None:
    weighed = {"url": "http://x/itemWeight", "valueDecimal": 2}
    option = {"valueCoding": {"display": "有时", "extension": [weighed]}}
    without = {"valueCoding": {"display": "no weight"}}

    found = words_of({"item": [asked("q1", answerOption=[option, without])]}, UCLA3)

    assert found.options == {("answers", 2): {"zh": "有时"}}


def test_a_new_questionnaire_is_the_sum_of_its_answers() -> None:
    low, high = {"valueInteger": 1}, {"valueInteger": 5}
    questionnaire = {
        "title": "新",
        "copyright": "© 作者",
        "item": [asked("a", answerOption=[high, low]), asked("b", answerOption=[high, low])],
    }

    document = definition_of(questionnaire, "fresh")

    taken = imported(document, None, RIGHT, POLICY)
    assert [item.link_id for item in taken.items] == ["q1", "q2"]
    assert list(document["options"]) == ["answers-1"]
    assert document["scores"][0]["range"] == [2, 10]
    assert taken.licence.notice == "© 作者"


@pytest.mark.parametrize(
    ("questionnaire", "told"),
    [
        ({}, "asks nothing"),
        ({"item": [{"type": "display", "text": "hello"}]}, "asks nothing"),
        ({"item": ["x"]}, "not an object"),
        ({"item": [asked("a")]}, "item a has no answers with a weight"),
    ],
)
def test_a_questionnaire_that_cannot_be_scored_is_refused(
    questionnaire: dict[str, Any], told: str
) -> None:
    with pytest.raises(UnusableDefinition, match=told):
        definition_of(questionnaire, "fresh")


def test_refusals_name_the_field() -> None:
    assert (RightNotConfirmed.field, UnusableDefinition.field) == ("right.confirmed", "definition")


def test_a_wordless_instrument_is_offered_in_no_language() -> None:
    assert an_instrument(items=1, codes=range(2), scores=[]).languages == ()
