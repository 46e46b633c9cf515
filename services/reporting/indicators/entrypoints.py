"""Indicators of a unit, by month and year."""

from collections.abc import Mapping
from typing import Any

from services.chassis.clock import Clock
from services.chassis.container import ClockProvider, SettingsProvider
from services.chassis.database import Database, DatabaseProvider
from services.chassis.http import Request, http
from services.reporting.calendar import Month, share_of_month, share_of_year
from services.reporting.indicators.assembling import (
    UNCOUNTED,
    codes_for,
    indicator,
    is_counted,
)
from services.reporting.indicators.queries import UnitReadings, months_to_read, read_unit
from services.reporting.indicators.reading import Reading
from services.reporting.indicators.schemas import (
    IndicatorQuerySchema,
    IndicatorsSchema,
    MonthsSchema,
    UnitYearSchema,
)
from services.reporting.indicators.sight import UnitNotYours, sight_of, unit_for
from services.reporting.settings import ReportingSettings
from services.reporting.targets.domain import Target
from services.reporting.targets.storage import read_targets


class IndicatorEntrypoints:
    """The statistics everybody reads who may."""

    database: Database = DatabaseProvider()
    clock: Clock = ClockProvider()
    settings_in_use: ReportingSettings = SettingsProvider()

    @http(
        "GET",
        "/api/reporting/v1/indicators",
        action="indicator.list",
        query=IndicatorQuerySchema,
        answer=IndicatorsSchema,
        errors=(UnitNotYours,),
        summary="The numbers of a unit's month, or year so far, against its targets",
    )
    def list_indicators(self, request: Request) -> Mapping[str, Any]:
        """Live where the person may see it live; else from the closed editions."""
        unit, year = self._asked(request)
        month = request.query["month"]
        with self.database.reading() as connection:
            targets = read_targets(connection, unit, year)
        readings = self._read(request, unit, year, month)
        period = Month(year, month) if month else None
        now = self.clock.now()
        expected = share_of_month(period, now) if period else share_of_year(year, now)
        items = [
            indicator(
                code,
                _reading(readings, code, period),
                _goal(targets.get(code), period),
                expected,
                request.language,
            )
            for code in codes_for(unit, readings.codes(), targets)
        ]
        return {"items": items, "next": None}

    @http(
        "GET",
        "/api/reporting/v1/indicators/<code>/months",
        action="indicator.list",
        query=UnitYearSchema,
        answer=MonthsSchema,
        errors=(UnitNotYours,),
        summary="One indicator month by month",
    )
    def list_months(self, request: Request, code: str) -> Mapping[str, Any]:
        """The year's months so far."""
        unit, year = self._asked(request)
        readings = self._read(request, unit, year, None)
        items = [_month(month, readings.month(month, code)) for month in readings.months]
        return {"items": items, "next": None}

    def _asked(self, request: Request) -> tuple[str, int]:
        unit = unit_for(request.principal, request.scope, request.query["unit"])
        return unit, request.query["year"] or Month.of(self.clock.now()).year

    def _read(self, request: Request, unit: str, year: int, month: int | None) -> UnitReadings:
        months = months_to_read(year, month, Month.of(self.clock.now()))
        sight = sight_of(request.principal.roles, unit)
        with self.database.reading() as connection:
            return read_unit(connection, unit, months, sight, self.settings_in_use.rules)


def _reading(readings: UnitReadings, code: str, month: Month | None) -> Reading:
    if not is_counted(code):
        return UNCOUNTED
    return readings.year(code) if month is None else readings.month(month, code)


def _goal(target: Target | None, month: Month | None) -> float | None:
    if target is None:
        return None
    return target.value if month is None else target.of_month()


def _month(month: Month, reading: Reading) -> Mapping[str, Any]:
    return {
        "month": str(month),
        "value": reading.value,
        "suppressed": reading.suppressed,
        "state": reading.state.value,
    }
