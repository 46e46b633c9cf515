"""The default care policy, its rules of combination, and its signature."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from services.assessment.care import sign as sign_command
from services.assessment.care.levels import assess, crisis_flags, critical_answers
from services.assessment.care.reading import DEFAULT, InvalidPolicy, json_schema, read_policy
from services.assessment.care.signature import (
    PolicyChangedAfterSigning,
    PolicyNotSigned,
    check_signature,
    sign,
)
from services.contracts.assessment import Risk
from tests.unit.assessment.builders import (
    CATALOGUE,
    GAD7,
    PHQ9,
    POLICY,
    an_instrument,
    answers,
    phq9,
)


def _sheet(total: int, items: int) -> dict[str, int | None]:
    codes: list[int | None] = [min(3, max(0, total - 3 * n)) for n in range(items)]
    return answers(*codes)


@pytest.mark.parametrize(
    ("total", "level", "risk"),
    [
        (0, 0, Risk.NONE),
        (4, 0, Risk.NONE),
        (5, 1, Risk.CONCERN),
        (9, 1, Risk.CONCERN),
        (10, 2, Risk.CONCERN),
        (14, 2, Risk.CONCERN),
        (15, 3, Risk.URGENT),
        (19, 3, Risk.URGENT),
        (20, 4, Risk.URGENT),
        (24, 4, Risk.URGENT),
    ],
)
def test_phq9_totals_call_for_the_levels_of_the_table(total: int, level: int, risk: Risk) -> None:
    found = assess(PHQ9, POLICY, _sheet(total, 9))

    assert (found.care_level, found.risk) == (level, risk)


@pytest.mark.parametrize(("total", "level"), [(4, 0), (5, 1), (9, 1), (10, 2), (14, 2), (15, 3)])
def test_gad7_totals_call_for_the_levels_of_the_table(total: int, level: int) -> None:
    assert assess(GAD7, POLICY, _sheet(total, 7)).care_level == level


@pytest.mark.parametrize("code", [1, 2, 3])
def test_item_nine_is_a_crisis_however_low_the_total(code: int) -> None:
    found = assess(PHQ9, POLICY, phq9(q9=code))

    assert (found.band, found.risk, found.care_level) == ("minimal", Risk.CRISIS, 4)
    assert found.rules == ("crisis:suicidal-ideation",)


def test_the_answers_that_raise_a_flag_are_named_with_their_codes() -> None:
    (wish,) = (each for each in PHQ9.critical if each.item == "q9")

    assert critical_answers(PHQ9, POLICY, phq9(q9=2)) == ((wish, 2),)
    assert critical_answers(PHQ9, POLICY, phq9(q9=0)) == ()


def test_great_difficulty_calls_for_a_talk_although_the_total_is_low() -> None:
    assert assess(PHQ9, POLICY, phq9(difficulty=1)).care_level == 0
    assert assess(PHQ9, POLICY, phq9(difficulty=2)).care_level == 2


def test_several_factors_together_raise_the_level() -> None:
    moderate = _sheet(10, 9)

    assert assess(PHQ9, POLICY, moderate).care_level == 2
    found = assess(PHQ9, POLICY, {**moderate, "difficulty": 3})
    assert (found.care_level, found.risk) == (3, Risk.URGENT)
    assert found.rules == ("phq9-total", "phq9-difficulty")


def test_several_factors_never_lower_a_level() -> None:
    severe = {**_sheet(20, 9), "difficulty": 3}

    assert assess(PHQ9, POLICY, severe).care_level == 4


def test_results_name_the_policy_with_its_version() -> None:
    assert POLICY.pin == f"{POLICY.id}@{POLICY.version}"


def test_an_unsigned_policy_is_refused_where_a_signature_is_demanded() -> None:
    with pytest.raises(PolicyNotSigned):
        read_policy(DEFAULT, CATALOGUE, signed=True)


def test_a_signed_policy_is_accepted_until_a_word_of_it_changes() -> None:
    signed = sign(POLICY, name="Chen Wei", role="clinical-lead", on=date(2025, 6, 1))
    laxer = msgspec.structs.replace(signed, rules=signed.rules[1:])

    check_signature(signed)
    with pytest.raises(PolicyChangedAfterSigning):
        check_signature(laxer)


def test_a_signature_covers_what_is_done_in_a_crisis() -> None:
    signed = sign(POLICY, name="Chen Wei", role="clinical-lead", on=date(2025, 6, 1))
    crisis = msgspec.structs.replace(signed.crisis, care_level=3)

    with pytest.raises(PolicyChangedAfterSigning, match="is not what Chen Wei signed"):
        check_signature(msgspec.structs.replace(signed, crisis=crisis))
    with pytest.raises(PolicyNotSigned, match=r"has no crisis\.signed_by"):
        check_signature(POLICY)


def test_every_rule_that_called_for_care_is_named_with_what_was_alarming() -> None:
    mild_and_a_wish, mild_and_a_gap = {**_sheet(6, 9), "q9": 1}, {**_sheet(6, 9), "q9": None}

    assert assess(PHQ9, POLICY, _sheet(5, 9)).rules == ("phq9-total",)
    assert assess(PHQ9, POLICY, mild_and_a_wish).rules == ("phq9-total", "crisis:suicidal-ideation")
    assert assess(PHQ9, POLICY, mild_and_a_gap).rules == (
        "phq9-total",
        "unknown:q9",
        "unknown:total",
    )


def test_an_instrument_without_rules_calls_for_no_care() -> None:
    found = assess(an_instrument(items=1, codes=[0, 1], scores=[]), POLICY, answers(1))

    assert (found.care_level, found.risk, found.rules, found.band) == (0, Risk.NONE, (), None)


def test_a_flag_the_policy_does_not_know_hides_no_other() -> None:
    critical = [
        {"item": "q1", "at_least": 1, "flag": "made-up"},
        {"item": "q2", "at_least": 1, "flag": "suicidal-ideation"},
    ]
    instrument = an_instrument(items=2, codes=[0, 1], scores=[], critical=critical)

    assert crisis_flags(instrument, POLICY, answers(1, 1)) == ("suicidal-ideation",)
    assert crisis_flags(instrument, POLICY, answers(1, 0)) == ()
    assert crisis_flags(instrument, POLICY, {"q1": 1, "q2": 7}) == ()
    assert assess(instrument, POLICY, answers(None, 0)).risk is Risk.NONE


def test_the_signing_command_writes_a_policy_that_loads(tmp_path: Path) -> None:
    out = tmp_path / "signed.json"

    assert sign_command.main(["--name", "Chen Wei", "--on", "2025-06-01", str(out)]) == 0

    policy = read_policy(out, CATALOGUE, signed=True)
    assert policy.pin == POLICY.pin
    assert policy.crisis.signed_by is not None
    assert policy.crisis.signed_by.name == "Chen Wei"


def test_the_published_schema_is_the_one_the_policy_is_read_by() -> None:
    published = json.loads((DEFAULT.parent.parent / "policy.schema.json").read_text())

    assert published == json.loads(json.dumps(json_schema()))
    jsonschema.validate(json.loads(DEFAULT.read_text()), published)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"levels": []}, "levels are not 0 to 4"),
        ({"surprise": 1}, "unknown field"),
        (
            {"rules": [{"id": "r", "instrument": "phq9", "steps": []}]},
            "needs a score or an item",
        ),
        (
            {"rules": [{"id": "r", "instrument": "phq9", "score": "sum", "steps": []}]},
            "measures nothing",
        ),
        (
            {"rules": [{"id": "r", "instrument": "phq9", "item": "q10", "steps": []}]},
            "measures nothing",
        ),
        (
            {
                "rules": [
                    {
                        "id": "r",
                        "instrument": "phq9",
                        "score": "total",
                        "steps": [{"from": 5, "level": 2}, {"from": 9, "level": 1}],
                    }
                ]
            },
            "does not rise",
        ),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    path = tmp_path / "policy.json"
    path.write_text(json.dumps(json.loads(DEFAULT.read_text()) | change))

    with pytest.raises(InvalidPolicy, match=said):
        read_policy(path, CATALOGUE, signed=False)


def test_a_policy_that_leaves_a_critical_answer_without_consequence_is_refused(
    tmp_path: Path,
) -> None:
    document = json.loads(DEFAULT.read_text())
    document["crisis"]["flags"] = []
    path = tmp_path / "policy.json"
    path.write_text(json.dumps(document))

    with pytest.raises(InvalidPolicy, match="suicidal-ideation has no consequence"):
        read_policy(path, CATALOGUE, signed=False)
