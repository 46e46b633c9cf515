"""Closed months: listed, closed by request, and closed by themselves."""

from collections.abc import Callable, Mapping
from typing import Any

from services.chassis.container import SettingsProvider
from services.chassis.cpu import off_loop
from services.chassis.database import Database, DatabaseProvider
from services.chassis.http import Request, http
from services.chassis.paging import PageSchema, decode_cursor, page
from services.chassis.timers import every
from services.reporting.editions.domain import Edition, MonthAlreadyClosed, MonthNotOver
from services.reporting.editions.queries import list_editions
from services.reporting.editions.schemas import CloseMonthSchema, EditionSchema, EditionsSchema
from services.reporting.editions.usecases import CloseMonth, close_month, close_settled_months
from services.reporting.settings import ReportingSettings
from services.reporting.units import root_of
from services.reporting.wiring import ReportingUnitOfWork, ReportingUnitOfWorkProvider


def beside_the_loop(work: Callable[[], Edition]) -> Edition:
    """A city's month takes seconds to suppress, a large census a minute."""
    return off_loop(work)


class EditionEntrypoints:
    """The monthly editions."""

    uow: ReportingUnitOfWork = ReportingUnitOfWorkProvider()
    database: Database = DatabaseProvider()
    settings_in_use: ReportingSettings = SettingsProvider()

    @http(
        "GET",
        "/api/reporting/v1/editions",
        action="edition.list",
        query=PageSchema,
        answer=EditionsSchema,
        summary="Closed months, the newest first",
    )
    def list_editions(self, request: Request) -> Mapping[str, Any]:
        """The editions of one's own city."""
        limit = request.query["limit"]
        key = decode_cursor(request.query["cursor"], [str])
        city = root_of(request.principal.unit)
        with self.database.reading() as connection:
            rows = list_editions(connection, city, f"{key[0]}-01" if key else None, limit)
        return page(rows, limit, lambda row: [row["month"]], rows)

    @http(
        "POST",
        "/api/reporting/v1/editions",
        action="edition.close",
        body=CloseMonthSchema,
        answer=EditionSchema,
        status=201,
        errors=(MonthNotOver, MonthAlreadyClosed),
        summary="Close a past month and publish its numbers",
    )
    def close_month(self, request: Request) -> Mapping[str, Any]:
        """Freeze the numbers of one's own city."""
        person = request.principal
        command = CloseMonth(root_of(person.unit), request.data, by=person.person)
        edition = close_month(
            command, rules=self.settings_in_use.rules, uow=self.uow, compute=beside_the_loop
        )
        return {
            "id": edition.id,
            "month": str(edition.month),
            "closed_at": edition.closed_at,
            "minimum": edition.minimum,
            "previous": edition.previous,
            "digest": edition.digest,
            "released": sum(each.unit == edition.city for each in edition.figures),
        }

    @every(seconds=300, name="edition-closing")
    def close_settled_months(self) -> None:
        """Close what is over and quiet."""
        settings = self.settings_in_use
        close_settled_months(
            grace=settings.grace,
            settle=settings.settle,
            rules=settings.rules,
            uow=self.uow,
            compute=beside_the_loop,
        )
