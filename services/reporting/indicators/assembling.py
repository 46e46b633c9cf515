"""The list of indicators of a unit: readings, titles, targets and pace put together."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.contracts.assessment import Risk
from services.reporting.counting.codes import (
    ACKNOWLEDGED,
    ACTIVITIES,
    CONTACTED,
    CRISIS_CASES,
    EXPERTS,
    RESPONSES,
    SITES,
    risk_code,
)
from services.reporting.figures.kinds import Kind, kind_of
from services.reporting.indicators.reading import Reading, State
from services.reporting.indicators.titles import title_of
from services.reporting.suppression.release import CITY
from services.reporting.targets.domain import pace_of
from services.reporting.units import depth_of

SITE_LEVELS = ("city-centre", "district-branch", "station", "enterprise-room")

ALWAYS: tuple[str, ...] = (
    RESPONSES,
    *(risk_code(risk) for risk in Risk),
    *ACTIVITIES.values(),
    CRISIS_CASES,
    ACKNOWLEDGED,
    CONTACTED,
    EXPERTS,
    *(SITES + level for level in SITE_LEVELS),
)

UNCOUNTED = Reading(State.UNCOUNTED)


def codes_for(unit: str, found: Iterable[str], targets: Iterable[str]) -> list[str]:
    """The codes to list: those every unit has, those found, those with a target; in this order.

    Crisis figures exist for the city alone.
    """
    codes = dict.fromkeys([*ALWAYS, *sorted(found), *sorted(targets)])
    city = depth_of(unit) == CITY
    return [code for code in codes if city or kind_of(code) is not Kind.CRISIS]


def is_counted(code: str) -> bool:
    """Whether any event adds to it."""
    return code in ALWAYS or kind_of(code) is Kind.CLINICAL


def indicator(
    code: str, reading: Reading, target: float | None, expected: float, language: str
) -> Mapping[str, Any]:
    """One line of the answer; `expected` is the share of the period that has gone."""
    pace = pace_of(code, reading.value, target, expected)
    return {
        "code": code,
        "title": title_of(code, language),
        "value": reading.value,
        "suppressed": reading.suppressed,
        "state": reading.state.value,
        "target": target,
        "expected": None if target is None else round(expected, 3),
        "pace": None if pace is None else pace.value,
    }
