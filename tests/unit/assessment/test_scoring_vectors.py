"""The engine against response sets that independent programs, or people, have scored."""

from typing import Any

import pytest

from services.assessment.care.levels import assess
from services.assessment.instruments.definition import Instrument
from services.assessment.scoring.engine import score
from tests.unit.assessment.builders import (
    GAD7,
    PHQ9,
    POLICY,
    an_instrument,
    answers,
    links,
    vectors,
)

PSS10 = an_instrument(
    items=10,
    codes=range(5),
    scores=[
        {
            "id": "total",
            "method": "sum",
            "range": [0, 40],
            "items": links(*range(1, 11)),
            "reverse": links(4, 5, 7, 8),
        },
        {"id": "helpless", "method": "sum", "range": [0, 24], "items": links(1, 2, 3, 6, 9, 10)},
        {
            "id": "efficacy",
            "method": "sum",
            "range": [0, 16],
            "items": links(4, 5, 7, 8),
            "reverse": links(4, 5, 7, 8),
        },
    ],
)
WHO5 = an_instrument(
    items=5,
    codes=range(6),
    scores=[
        {"id": "raw", "method": "sum", "range": [0, 25], "items": links(1, 2, 3, 4, 5)},
        {"id": "percent", "method": "linear", "range": [0, 100], "of": "raw", "times": 4},
    ],
)
PCL5 = an_instrument(
    items=20,
    codes=range(5),
    scores=[{"id": "total", "method": "sum", "range": [0, 80], "items": links(*range(1, 21))}],
)


def _cases(name: str, instrument: Instrument) -> list[Any]:
    return [
        pytest.param(instrument, vector, id=f"{name}-{number}")
        for number, vector in enumerate(vectors(name))
    ]


@pytest.mark.parametrize(
    ("instrument", "vector"),
    [
        *_cases("phq9", PHQ9),
        *_cases("gad7", GAD7),
        *_cases("pss10", PSS10),
        *_cases("who5", WHO5),
        *_cases("pcl5", PCL5),
    ],
)
def test_scores_agree_with_the_vector(instrument: Instrument, vector: dict[str, Any]) -> None:
    expected = vector["expected"]

    found = assess(instrument, POLICY, answers(*vector["responses"]))

    scores = {name: want for name, want in expected.items() if name in found.scoring.values}
    assert scores
    assert {name: found.scoring.values[name] for name in scores} == scores
    assert found.band == expected.get("band", found.band)
    assert list(found.flags) == expected.get("flags", list(found.flags))
    assert set(found.unknown) >= set(expected.get("unknown", ()))


def test_every_band_and_both_sides_of_item_nine_occur_among_the_vectors() -> None:
    seen = [assess(PHQ9, POLICY, answers(*vector["responses"])) for vector in vectors("phq9")]

    assert {each.band for each in seen} == {
        None,
        "minimal",
        "mild",
        "moderate",
        "moderately_severe",
        "severe",
    }
    assert {bool(each.flags) for each in seen} == {True, False}


def test_a_cluster_rule_is_met_below_the_cut_off() -> None:
    """PCL-5's DSM-5 rule, worked out by hand: B, C, D, D and E, E at 2 make a total of 12."""
    clusters = ((1, 6, 1), (6, 8, 1), (8, 15, 2), (15, 21, 2))
    instrument = an_instrument(
        items=20,
        codes=range(5),
        scores=[
            {
                "id": "provisional",
                "method": "cases",
                "otherwise": "no",
                "cases": [
                    {
                        "code": "yes",
                        "when": [
                            {"of": {f"q{n}": 2 for n in range(start, end)}, "at_least": at_least}
                            for start, end, at_least in clusters
                        ],
                    }
                ],
            }
        ],
    )
    sheet = dict.fromkeys(links(*range(1, 21)), 0)

    assert score(instrument, sheet).values == {"provisional": "no"}
    met = sheet | dict.fromkeys(links(1, 6, 8, 9, 15, 16), 2)
    assert score(instrument, met).values == {"provisional": "yes"}
    assert score(instrument, met | {"q9": 1}).values == {"provisional": "no"}
