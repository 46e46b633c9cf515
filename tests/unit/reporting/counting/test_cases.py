"""Crisis clocks: merged in any order, drills and care cases left out, medians from histograms."""

from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.calendar import Month
from services.reporting.counting.cases import (
    CaseFigure,
    clock_of,
    median_minutes,
    merged,
    tenths_of_minutes,
)
from services.reporting.counting.entry import Entry, entry_of
from tests.component.reporting import events

CASE = UUID(int=5)
MARCH = Month(2026, 3)


def entries(*happened: object) -> list[Entry]:
    return [entry_of(event, "wh") for event in happened]


def test_a_case_merges_to_the_same_clock_in_any_order() -> None:
    happened = entries(
        events.case_opened(CASE),
        events.case_acknowledged(CASE, 300),
        events.case_acknowledged(CASE, 120),
        events.case_contacted(CASE, 900, reached=False),
        events.case_contacted(CASE, 1800),
    )

    clocks = {
        tuple(merged({}, list(order)).values()) for order in permutations(happened + happened[:1])
    }

    assert len(clocks) == 1
    clock = clocks.pop()[0]
    assert (clock.acknowledged, clock.contacted) == (120, 1800)
    assert clock.figures() == {
        CaseFigure(MARCH, "wh", "crisis-cases", 0): 1,
        CaseFigure(MARCH, "wh", "crisis-acknowledged-minutes", 20): 1,
        CaseFigure(MARCH, "wh", "crisis-contacted-minutes", 300): 1,
    }


@pytest.mark.parametrize("opened", [events.case_opened(CASE, drill=True)])
def test_a_drill_adds_nothing(opened: object) -> None:
    clock = merged({}, entries(opened, events.case_acknowledged(CASE, 60)))[CASE]

    assert not clock.figures()


def test_a_care_case_counts_once_it_becomes_a_crisis() -> None:
    care = merged({}, entries(events.case_opened(CASE, crisis=False)))[CASE]
    crisis = merged({CASE: care}, entries(events.case_opened(CASE)))[CASE]

    assert not care.figures()
    assert sum(crisis.figures().values()) == 1


def test_a_failed_contact_is_no_contact() -> None:
    assert clock_of(entries(events.case_contacted(CASE, 60, reached=False))[0]) is None


@pytest.mark.parametrize(
    ("seconds", "tenths"), [(0, 0), (6, 1), (90, 15), (3600, 600), (3603, 600), (7_230, 1_200)]
)
def test_times_are_kept_in_tenths_up_to_an_hour_and_minutes_above(
    seconds: int, tenths: int
) -> None:
    assert tenths_of_minutes(seconds) == tenths


@given(st.lists(st.integers(0, 600), min_size=1, max_size=40))
def test_the_median_of_a_histogram_is_the_median_of_its_cases(tenths: list[int]) -> None:
    ordered = sorted(tenths)
    middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2 / 10

    assert median_minutes({each: tenths.count(each) for each in tenths}) == round(middle, 1)


def test_there_is_no_median_of_nothing() -> None:
    assert median_minutes({}) is None
