"""Targets: read by administrators, set by the city's."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.chassis.clock import Clock
from services.chassis.container import ClockProvider
from services.chassis.database import Database, DatabaseProvider
from services.chassis.http import Request, http
from services.reporting.calendar import Month
from services.reporting.indicators.schemas import UnitYearSchema
from services.reporting.indicators.sight import UnitNotYours, unit_for
from services.reporting.indicators.titles import title_of
from services.reporting.targets.domain import Target
from services.reporting.targets.schemas import SetTargetSchema, TargetsSchema, TargetYearSchema
from services.reporting.targets.storage import read_targets
from services.reporting.targets.usecases import end_target, set_default_targets, set_target
from services.reporting.wiring import ReportingUnitOfWork, ReportingUnitOfWorkProvider


class TargetEntrypoints:
    """The targets of units and years."""

    uow: ReportingUnitOfWork = ReportingUnitOfWorkProvider()
    database: Database = DatabaseProvider()
    clock: Clock = ClockProvider()

    @http(
        "GET",
        "/api/reporting/v1/targets",
        action="target.list",
        query=UnitYearSchema,
        answer=TargetsSchema,
        errors=(UnitNotYours,),
        summary="A unit's targets of a year",
    )
    def list_targets(self, request: Request) -> Mapping[str, Any]:
        """By default one's own unit and this year."""
        unit = unit_for(request.principal, request.scope, request.query["unit"])
        year = request.query["year"] or Month.of(self.clock.now()).year
        with self.database.reading() as connection:
            found = read_targets(connection, unit, year)
        return _listed(found.values(), request.language)

    @http(
        "PUT",
        "/api/reporting/v1/targets",
        action="target.set",
        body=SetTargetSchema,
        status=204,
        errors=(UnitNotYours,),
        summary="Set, change or (null) end a target",
    )
    def set_target(self, request: Request) -> None:
        """One target of one unit's year."""
        asked = request.data
        unit = unit_for(request.principal, request.scope, asked["unit"])
        if asked["value"] is None:
            end_target(unit, asked["year"], asked["code"], uow=self.uow)
        else:
            target = Target(unit, asked["year"], asked["code"], asked["value"])
            set_target(target, by=request.principal.person, uow=self.uow)

    @http(
        "POST",
        "/api/reporting/v1/targets/defaults",
        action="target.set",
        body=TargetYearSchema,
        answer=TargetsSchema,
        errors=(UnitNotYours,),
        summary="Set the default targets a year does not have yet",
    )
    def set_defaults(self, request: Request) -> Mapping[str, Any]:
        """What the city notice asks of a year."""
        unit = unit_for(request.principal, request.scope, request.data["unit"])
        person, year = request.principal.person, request.data["year"]
        found = set_default_targets(unit, year, by=person, uow=self.uow)
        return _listed(found, request.language)


def _listed(targets: Iterable[Target], language: str) -> Mapping[str, Any]:
    items = [
        {
            "unit": each.unit,
            "year": each.year,
            "code": each.code,
            "title": title_of(each.code, language),
            "value": each.value,
        }
        for each in sorted(targets, key=lambda target: target.code)
    ]
    return {"items": items, "next": None}
