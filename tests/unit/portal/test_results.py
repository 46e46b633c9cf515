"""Results of scales whose band is drawn on another score than a total."""

from typing import Any

import pytest

from services.portal.screening.views import result_view
from tests.unit.portal import samples
from tests.unit.portal.pages import EN, ZH


def a_scale(**changed: Any) -> dict[str, Any]:
    """Well-being from 0 to 100, of which more is better."""
    return {
        "id": "who5",
        "title": "WHO-5",
        "main": "percent",
        "scores": [{"id": "percent", "min": 0, "max": 100, "higher": "better"}],
        "bands": [
            {"code": "very_low", "title": "很低", "min": 0, "max": 28},
            {"code": "low", "title": "低", "min": 29, "max": 50},
            {"code": "usual", "title": "一般", "min": 51, "max": 100},
        ],
        **changed,
    }


def a_result(**changed: Any) -> dict[str, Any]:
    document = {"scores": {"percent": 24}, "band": "very_low", "band_label": "很低", **changed}
    return samples.a_result(instrument="who5", **document)


def test_the_band_is_shown_with_the_score_it_is_drawn_on() -> None:
    view = result_view(a_result(), a_scale(), [a_result()], ZH)

    assert (view.total, view.most, view.incomplete) == (24, 100, False)
    assert view.band == "很低"
    assert [point.total for point in view.trend] == [24]


def test_where_more_is_better_the_lowest_band_is_the_heaviest() -> None:
    better = result_view(a_result(), a_scale(), [], ZH)
    worse = result_view(a_result(), a_scale(scores=[]), [], ZH)

    assert [band.tone for band in better.bands] == [2, 1, 0]
    assert [band.tone for band in worse.bands] == [0, 1, 2]


@pytest.mark.parametrize(("value", "shown"), [(3.57, 3.57), (4.0, 4), (4, 4)])
def test_means_keep_their_decimals_and_whole_numbers_have_none(value: float, shown: float) -> None:
    earlier = [a_result(scores={"percent": value})]

    view = result_view(a_result(), a_scale(), earlier, EN)

    assert [point.total for point in view.trend] == [shown]
    assert str(view.trend[0].total) == str(shown)
