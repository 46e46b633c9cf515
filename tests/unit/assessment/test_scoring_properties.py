"""What holds for every sheet of answers."""

from hypothesis import given
from hypothesis import strategies as st

from services.assessment.care.levels import assess, crisis_flags
from services.assessment.instruments.definition import Instrument
from services.assessment.scoring.answers import is_code, missing_items, problems_of
from services.assessment.scoring.engine import score
from services.contracts.assessment import Risk
from tests.unit.assessment.builders import GAD7, PHQ9, POLICY

INSTRUMENTS = st.sampled_from([PHQ9, GAD7])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 9) | st.sampled_from([0.5, 1.0, "", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just("q9"), inner),
    max_leaves=5,
)


@st.composite
def sheets(draw: st.DrawFn, skipping: bool) -> tuple[Instrument, dict[str, int | None]]:
    instrument = draw(INSTRUMENTS)
    codes = st.integers(0, 3) | st.none() if skipping else st.integers(0, 3)
    required = [item.link_id for item in instrument.items if item.required]
    return instrument, {link: draw(codes) for link in required}


@given(sheets(skipping=False))
def test_a_full_sheet_is_accepted_and_its_total_is_the_sum(
    sheet: tuple[Instrument, dict[str, int | None]],
) -> None:
    instrument, answers = sheet

    found = score(instrument, answers)

    assert problems_of(instrument, answers) == []
    assert found.values["total"] == sum(code or 0 for code in answers.values())
    assert found.prorated == ()
    assert "total" in found.bands


@given(sheets(skipping=True))
def test_a_total_is_in_range_or_withheld_and_never_below_its_least(
    sheet: tuple[Instrument, dict[str, int | None]],
) -> None:
    instrument, answers = sheet
    given_sum = sum(code or 0 for code in answers.values())

    found = score(instrument, answers)

    total = found.values["total"]
    if total is None:
        assert found.least["total"] == given_sum
        assert list(answers.values()).count(None) > 2 or answers.get("q9", 0) is None
    else:
        assert not isinstance(total, str)
        assert given_sum <= total <= len(answers) * 3
        assert total.denominator == 1


@given(sheets(skipping=True), st.data())
def test_a_higher_answer_never_lowers_care(
    sheet: tuple[Instrument, dict[str, int | None]], data: st.DataObject
) -> None:
    instrument, answers = sheet
    link = data.draw(st.sampled_from(sorted(answers)))
    code = answers[link]
    if code is None or code == 3:
        return

    before = assess(instrument, POLICY, answers)
    after = assess(instrument, POLICY, {**answers, link: code + 1})

    assert after.care_level >= before.care_level


@given(sheets(skipping=True))
def test_risk_says_crisis_unknown_or_the_level_in_that_order(
    sheet: tuple[Instrument, dict[str, int | None]],
) -> None:
    instrument, answers = sheet
    item_nine = answers.get("q9", 0)

    found = assess(instrument, POLICY, answers)

    if item_nine:
        assert found.risk is Risk.CRISIS
    elif item_nine is None or found.scoring.values["total"] is None:
        assert found.risk is Risk.UNKNOWN
        assert found.care_level >= 2
    else:
        assert found.risk is POLICY.levels[found.care_level].risk


@given(st.dictionaries(st.sampled_from([f"q{n}" for n in range(12)] + ["difficulty", ""]), JSON))
def test_any_json_gets_named_problems_and_the_flag_only_by_a_real_answer(
    answers: dict[str, object],
) -> None:
    problems = problems_of(PHQ9, answers)

    wrong = {problem.link_id for problem in problems if problem.code != "missing"}
    assert wrong == {
        link
        for link, answer in answers.items()
        if not is_code(PHQ9, link, answer) and (answer is not None or PHQ9.item(link) is None)
    }
    assert set(missing_items(PHQ9, answers)) == {f"q{n}" for n in range(1, 10)} - set(answers)
    nine = answers.get("q9")
    assert bool(crisis_flags(PHQ9, POLICY, answers)) == (type(nine) is int and 1 <= nine <= 3)
