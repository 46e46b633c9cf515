"""Methods that one instrument or another needs, at their edges."""

from fractions import Fraction

import pytest

from services.assessment.scoring.answers import problems_of
from services.assessment.scoring.engine import band_of, score
from tests.unit.assessment.builders import CATALOGUE, an_instrument, links

PSQI = CATALOGUE.edition("psqi").instrument
ERI = CATALOGUE.edition("eri16").instrument
RATINGS = {item.link_id: 0 for item in PSQI.items if item.number is None}
# To bed at eleven, up at seven, eight hours of sleep, asleep at once: every component is 0.
NIGHT = {**RATINGS, "bedtime": 1380, "latency": 0, "risen": 420, "asleep": 480}


@pytest.mark.parametrize(
    ("minutes", "points"), [(15, 0), (16, 1), (30, 1), (31, 1), (60, 1), (61, 2)]
)
def test_time_to_fall_asleep_is_classed_at_15_30_and_60_minutes(minutes: int, points: int) -> None:
    found = score(PSQI, {**NIGHT, "latency": minutes}).values

    assert found["latency"] == points


@pytest.mark.parametrize(
    ("minutes", "points"), [(15, 1), (16, 1), (30, 1), (31, 2), (60, 2), (61, 2)]
)
def test_the_second_question_about_it_adds_to_the_class(minutes: int, points: int) -> None:
    found = score(PSQI, {**NIGHT, "latency": minutes, "q5a": 1}).values

    assert found["latency"] == points


@pytest.mark.parametrize(
    ("minutes", "points"), [(421, 0), (420, 1), (360, 1), (359, 2), (300, 2), (299, 3)]
)
def test_time_asleep_is_classed_at_7_6_and_5_hours(minutes: int, points: int) -> None:
    assert score(PSQI, {**NIGHT, "asleep": minutes}).values["duration"] == points


@pytest.mark.parametrize(
    ("minutes", "points"), [(340, 0), (339, 1), (300, 1), (299, 2), (260, 2), (259, 3)]
)
def test_efficiency_is_classed_at_85_75_and_65_percent_without_a_gap(
    minutes: int, points: int
) -> None:
    """Of 400 minutes in bed, over midnight."""
    night = {**NIGHT, "bedtime": 1400, "risen": 360, "asleep": minutes}

    assert score(PSQI, night).values["efficiency"] == points


def test_a_night_of_which_something_is_missing_has_no_score() -> None:
    found = score(PSQI, {**NIGHT, "q8": None}).values

    assert score(PSQI, NIGHT).values["global"] == 0
    assert set(found.values()) == {None}


def test_a_number_out_of_range_is_told_its_range() -> None:
    [told] = problems_of(PSQI, {**NIGHT, "risen": 1440})

    assert (told.link_id, told.code) == ("risen", "out-of-range")
    assert "0 to 1439" in told.message
    [chosen] = problems_of(PSQI, {**NIGHT, "q6": 4})
    assert "0, 1, 2, 3" in chosen.message


def test_a_ratio_needs_both_of_its_parts_and_something_to_divide_by() -> None:
    sheet = dict.fromkeys(links(*range(1, 17)), 2)

    assert score(ERI, sheet).values["ratio"] == Fraction(6 * 7, 17 * 3)
    assert score(ERI, {**sheet, "q1": None}).values["ratio"] is None
    assert score(ERI, {**sheet, "q4": None}).values["ratio"] is None
    nothing = an_instrument(
        items=2,
        codes=range(2),
        scores=[
            {"id": "a", "method": "sum", "range": [0, 1], "items": links(1)},
            {"id": "b", "method": "sum", "range": [0, 1], "items": links(2)},
            {"id": "ratio", "method": "ratio", "range": [0, 1], "of": "a", "over": "b"},
        ],
    )
    assert score(nothing, {"q1": 1, "q2": 0}).values["ratio"] is None


def test_a_total_needs_every_part() -> None:
    whole = an_instrument(
        items=2,
        codes=range(4),
        scores=[
            {"id": "a", "method": "sum", "range": [0, 3], "items": links(1)},
            {"id": "b", "method": "sum", "range": [0, 3], "items": links(2)},
            {"id": "both", "method": "total", "range": [0, 6], "of": ["a", "b"]},
        ],
    )

    assert score(whole, {"q1": 3, "q2": 2}).values["both"] == 5
    assert isinstance(score(whole, {"q1": 3, "q2": 2}).values["both"], Fraction)
    assert score(whole, {"q1": 3, "q2": None}).values["both"] is None


def test_a_score_that_is_made_of_a_symptom_algorithm_is_none() -> None:
    odd = an_instrument(
        items=1,
        codes=range(2),
        scores=[
            {"id": "kind", "method": "cases", "cases": [], "otherwise": "no"},
            {"id": "twice", "method": "linear", "range": [0, 2], "of": "kind", "times": 2},
        ],
    )

    assert score(odd, {"q1": 1}).values["twice"] is None


def test_below_the_lowest_band_there_is_none() -> None:
    (raw,) = [each for each in CATALOGUE.edition("sds").instrument.scores if each.id == "index"]

    assert band_of(raw, Fraction(24)) is None
