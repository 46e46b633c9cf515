"""Readings of indicators: closed months from editions, open ones from counters where allowed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from services.reporting.calendar import Month
from services.reporting.editions.domain import YEAR_SUFFIX
from services.reporting.figures.kinds import Kind, is_duration, kind_of
from services.reporting.figures.month import (
    Figure,
    MonthCounts,
    MonthFigures,
    year_medians,
)
from services.reporting.figures.queries import month_counts
from services.reporting.indicators.reading import PENDING, Reading, State, year_of
from services.reporting.indicators.sight import Sight
from services.reporting.suppression.release import CITY, DISTRICTS
from services.reporting.suppression.rules import Rules
from services.reporting.units import root_of

_CLOSED = text(
    """
    SELECT editions.month, figures.code, figures.value, figures.suppressed
    FROM editions LEFT JOIN edition_figures AS figures
        ON figures.edition_id = editions.id AND figures.unit = :unit
    WHERE editions.city = :city AND editions.month = ANY(CAST(:months AS date[]))
    """
)


@dataclass
class MonthReadings:
    """One month of one unit, as one person may see it."""

    closed: dict[str, Reading] | None = None
    live: dict[Kind, MonthFigures] = field(default_factory=dict)
    counted: MonthCounts | None = None

    def reading(self, unit: str, code: str) -> Reading:
        """The number of a code; what an edition does not name is zero."""
        if self.closed is not None:
            nothing = None if is_duration(code) else 0.0
            return self.closed.get(code, Reading(State.CLOSED, nothing))
        figures = self.live.get(kind_of(code))
        return _live(figures.figure(unit, code)) if figures else PENDING

    def codes(self) -> set[str]:
        """The codes that have numbers here."""
        if self.closed is not None:
            return {code for code in self.closed if not code.endswith(YEAR_SUFFIX)}
        counted = self.counted.codes() if self.counted else set()
        return {code for code in counted if kind_of(code) in self.live}


@dataclass(frozen=True)
class UnitReadings:
    """Some months of one unit, in order."""

    unit: str
    months: Mapping[Month, MonthReadings]
    rules: Rules

    def month(self, month: Month, code: str) -> Reading:
        """One month's number."""
        known = self.months.get(month)
        return known.reading(self.unit, code) if known else PENDING

    def year(self, code: str) -> Reading:
        """The number of all these months together."""
        if is_duration(code):
            return self._median(code)
        return year_of(each.reading(self.unit, code) for each in self.months.values())

    def codes(self) -> set[str]:
        """Every code that has a number in one of the months."""
        return {code for each in self.months.values() for code in each.codes()}

    def _median(self, code: str) -> Reading:
        """The newest year-to-date median that may be shown: this moment's, or an edition's."""
        known = [each for each in self.months.values() if each.closed is not None or each.live]
        if not known:
            return PENDING
        last = known[-1]
        if last.closed is not None:
            return Reading(State.CLOSED, last.reading(self.unit, code + YEAR_SUFFIX).value)
        if Kind.CRISIS not in last.live:
            closed = [each for each in known if each.closed is not None]
            return closed[-1].reading(self.unit, code + YEAR_SUFFIX) if closed else PENDING
        counted = [each.counted for each in known if each.counted is not None]
        return Reading(State.LIVE, year_medians(counted, self.rules).get(code))


def read_unit(
    connection: Connection, unit: str, months: Sequence[Month], sight: Sight, rules: Rules
) -> UnitReadings:
    """The readings of these months: at most a few rows each, however many events there were."""
    found = {month: MonthReadings() for month in months}
    _read_closed(connection, unit, found)
    for month, readings in found.items():
        if sight.live and readings.closed is None:
            _read_live(connection, unit, month, readings, sight, rules)
    if Kind.CRISIS in sight.live:
        _read_histograms(connection, unit, found)
    return UnitReadings(unit, found, rules)


def _read_closed(connection: Connection, unit: str, found: dict[Month, MonthReadings]) -> None:
    first_days = [month.first_day for month in found]
    values = {"unit": unit, "city": root_of(unit), "months": first_days}
    for row in connection.execute(_CLOSED, values):
        readings = found[Month.starting(row.month)]
        if readings.closed is None:
            readings.closed = {}
        if row.code is not None:
            readings.closed[row.code] = Reading(State.CLOSED, row.value, row.suppressed)


def _read_live(
    connection: Connection,
    unit: str,
    month: Month,
    readings: MonthReadings,
    sight: Sight,
    rules: Rules,
) -> None:
    """Suppression looks at the whole level, so that no two answers can be subtracted."""
    counted = month_counts(connection, root_of(unit), month, depth=DISTRICTS)
    readings.counted = counted
    for kind in sight.live:
        depth = DISTRICTS if kind in {Kind.ACTIVITY, Kind.PLAIN} else CITY
        readings.live[kind] = MonthFigures(counted, rules, kinds={kind}, depth=depth)


def _read_histograms(connection: Connection, unit: str, found: dict[Month, MonthReadings]) -> None:
    """The clinical lead's year-to-date medians need the closed months' histograms too."""
    open_months = [each for each in found.values() if each.live]
    if open_months:
        for month, readings in found.items():
            if readings.counted is None:
                readings.counted = month_counts(connection, root_of(unit), month, depth=CITY)


def _live(figure: Figure) -> Reading:
    return Reading(State.LIVE, figure.value, figure.suppressed)


def months_to_read(year: int, month: int | None, current: Month) -> list[Month]:
    """The month asked for, or the year's months so far."""
    if month is not None:
        return [Month(year, month)]
    return [each for each in _year(year) if each <= current]


def _year(year: int) -> Iterable[Month]:
    return Month(year, 1).until(Month(year, 12))
