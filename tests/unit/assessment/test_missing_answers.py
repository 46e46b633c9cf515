"""What a skipped item does to scores, and that it is never taken for a zero where it matters."""

from fractions import Fraction

import pytest

from services.assessment.care.levels import assess
from services.assessment.scoring.engine import score
from services.assessment.scoring.rounding import plain, round_to
from services.contracts.assessment import Risk
from tests.unit.assessment.builders import GAD7, PHQ9, POLICY, an_instrument, answers, links, phq9


@pytest.mark.parametrize(
    ("codes", "total"),
    [
        ((1, 1, 1, 1, 1, 1, 1, None, 0), 8),  # 7 x 9 / 8 = 7.875
        ((1, 1, 1, 1, 0, 0, 0, None, 0), 5),  # 4 x 9 / 8 = 4.5: a half goes up
        ((2, 2, 2, 2, 2, 2, None, None, 0), 15),  # 12 x 9 / 7 = 15.43
        ((3, 3, 3, 3, 3, 3, None, None, 3), 27),
    ],
)
def test_up_to_two_skipped_items_are_prorated_and_halves_go_up(
    codes: tuple[int | None, ...], total: int
) -> None:
    found = score(PHQ9, answers(*codes))

    assert found.values["total"] == total
    assert found.prorated == ("total",)


def test_a_half_goes_up_although_the_even_number_is_below() -> None:
    assert round(4.5) == 4
    assert round_to("half-up", Fraction(9, 2)) == 5
    assert round_to("half-up", Fraction(105, 2)) == 53
    assert round_to("floor", Fraction(105, 2)) == 52


def test_three_skipped_items_withhold_the_total() -> None:
    found = assess(PHQ9, POLICY, phq9(q1=None, q2=None, q3=None))

    assert found.scoring.values["total"] is None
    assert (found.band, found.risk) == (None, Risk.UNKNOWN)


def test_a_skipped_item_nine_is_unknown_and_withholds_the_total() -> None:
    found = assess(PHQ9, POLICY, phq9(q9=None))

    assert found.scoring.values["total"] is None
    assert found.unknown == ("q9", "total")
    assert found.risk is Risk.UNKNOWN
    assert found.care_level == POLICY.unknown.care_level


def test_what_is_known_still_counts_when_the_total_is_withheld() -> None:
    found = assess(PHQ9, POLICY, answers(3, 3, 3, 3, 3, 3, 3, 3, None))

    assert found.scoring.least == {"total": 24}
    assert found.care_level == 4
    assert found.risk is Risk.UNKNOWN


def test_gad7_bears_two_skipped_items_and_not_three() -> None:
    assert score(GAD7, answers(2, 2, 2, 2, 2, None, None)).values["total"] == 14
    assert score(GAD7, answers(2, 2, 2, 2, None, None, None)).values["total"] is None


def test_a_skipped_reversed_item_counts_least_at_its_highest_code() -> None:
    instrument = an_instrument(
        items=2,
        codes=range(1, 6),
        scores=[
            {
                "id": "total",
                "method": "sum",
                "range": [2, 10],
                "items": links(1, 2),
                "reverse": links(2),
            }
        ],
    )

    assert score(instrument, {"q1": 3, "q2": None}).least == {"total": 4}
    assert score(instrument, {"q1": None, "q2": 5}).least == {"total": 2}


def test_a_mean_is_exact_and_shown_with_two_decimals() -> None:
    instrument = an_instrument(
        items=3,
        codes=range(5),
        scores=[
            {
                "id": "mean",
                "method": "mean",
                "range": [0, 4],
                "items": links(1, 2, 3),
                "missing": {"at_most": 1},
            },
            {"id": "high", "method": "count", "range": [0, 3], "items": links(1, 2), "at_least": 3},
        ],
    )

    found = score(instrument, {"q1": 1, "q2": 3, "q3": 4})
    assert found.values == {"mean": Fraction(8, 3), "high": 1}
    assert plain(Fraction(8, 3)) == 2.67
    assert score(instrument, {"q1": 1, "q2": 2, "q3": None}).values["mean"] == Fraction(3, 2)
    assert score(instrument, {"q1": 1, "q2": None, "q3": None}).values == {
        "mean": None,
        "high": None,
    }
