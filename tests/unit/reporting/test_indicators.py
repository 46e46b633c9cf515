"""Readings, sight and targets without a database."""

from uuid import uuid4

import pytest

from services.chassis.access import Principal, Role, Scope
from services.reporting.figures.kinds import Kind, kind_of
from services.reporting.indicators.assembling import ALWAYS, codes_for, is_counted
from services.reporting.indicators.reading import PENDING, Reading, State, year_of
from services.reporting.indicators.sight import UnitNotYours, sight_of, unit_for
from services.reporting.indicators.titles import title_of
from services.reporting.targets.defaults import default_targets
from services.reporting.targets.domain import Pace, Target, pace_of

ACTIVITY, CLINICAL = {Kind.ACTIVITY, Kind.PLAIN}, {Kind.CLINICAL, Kind.CRISIS}


def closed(value: float | None, *, suppressed: bool = False) -> Reading:
    return Reading(State.CLOSED, value, suppressed)


@pytest.mark.parametrize(
    ("role", "unit", "live"),
    [
        (Role.CLINICAL_LEAD, "c", ACTIVITY | CLINICAL),
        (Role.CLINICAL_LEAD, "c/a", ACTIVITY),
        (Role.CLINICAL_LEAD, "c/a/1", set()),
        (Role.CITY_ADMIN, "c", ACTIVITY),
        (Role.CITY_ADMIN, "c/a/1", set()),
        (Role.DISTRICT_ADMIN, "c/a", ACTIVITY),
        (Role.DISTRICT_ADMIN, "c/a/1", set()),
        (Role.UNIT_ADMIN, "c/a", set()),
        (Role.OPS, "c", set()),
        (Role.COUNSELLOR, "c", set()),
    ],
)
def test_who_sees_what_live(role: Role, unit: str, live: set[Kind]) -> None:
    assert sight_of([role], unit).live == live


def test_a_unit_is_ones_own_or_below_it() -> None:
    admin = Principal(uuid4(), frozenset({Role.DISTRICT_ADMIN}), "c/a")

    assert unit_for(admin, Scope.SUBTREE, None) == "c/a"
    assert unit_for(admin, Scope.SUBTREE, "c/a/1") == "c/a/1"
    for outside in ("c", "c/b", "c/ab"):
        with pytest.raises(UnitNotYours):
            unit_for(admin, Scope.SUBTREE, outside)


def test_a_city_scope_reaches_the_whole_city_and_no_other() -> None:
    lead = Principal(uuid4(), frozenset({Role.CLINICAL_LEAD}), "c/a")

    assert unit_for(lead, Scope.CITY, None) == "c"
    with pytest.raises(UnitNotYours):
        unit_for(lead, Scope.CITY, "d")


def test_a_year_is_the_sum_of_its_published_months() -> None:
    assert year_of([closed(3), closed(4), PENDING]) == closed(7)
    assert year_of([closed(3), Reading(State.LIVE, 4)]) == Reading(State.LIVE, 7)
    assert year_of([PENDING]) == PENDING


def test_one_suppressed_month_suppresses_the_year() -> None:
    assert year_of([closed(30), closed(None, suppressed=True)]).suppressed


@pytest.mark.parametrize(
    ("value", "pace"),
    [(60, Pace.AHEAD), (50, Pace.ON_TRACK), (45, Pace.ON_TRACK), (40, Pace.BEHIND),
     (29, Pace.AT_RISK), (None, None)],
)  # fmt: skip
def test_the_pace_compares_with_the_share_that_is_due(
    value: float | None, pace: Pace | None
) -> None:
    assert pace_of("offers-made", value, 100, 0.5) is pace


def test_a_duration_is_on_track_below_its_target() -> None:
    assert pace_of("crisis-acknowledged-minutes", 12, 15, 0.1) is Pace.ON_TRACK
    assert pace_of("crisis-acknowledged-minutes", 16, 15, 0.9) is Pace.AT_RISK
    assert Target("c", 2026, "crisis-acknowledged-minutes", 15).of_month() == 15
    assert Target("c", 2026, "lectures-held", 150).of_month() == 12.5


def test_crisis_figures_exist_for_the_city_alone() -> None:
    assert "crisis-cases" in codes_for("c", [], [])
    assert not any(kind_of(code) is Kind.CRISIS for code in codes_for("c/a", ["crisis-cases"], []))


def test_what_nothing_counts_yet_is_said_to_be_uncounted() -> None:
    assert not is_counted("lectures-held")
    assert is_counted("responses-k10-high")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_standing_indicator_and_default_target_has_a_title(language: str) -> None:
    codes = [*ALWAYS, *(target.code for target in default_targets("c", 2026))]

    assert all(title_of(code, language) != code for code in codes)
