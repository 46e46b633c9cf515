"""Routes of imports."""

from typing import Any

from services.accounts.imports.columns import UnusableHeader
from services.accounts.imports.import_people import ImportPeople, import_people
from services.accounts.imports.queries import list_imports
from services.accounts.imports.report import Outcome
from services.accounts.imports.schemas import ImportPageSchema, ReportSchema
from services.accounts.imports.sheets import CSV, TooManyRows, UnsupportedFile
from services.accounts.settings import AccountsSettings
from services.accounts.wiring import IMPORTED, AccountsUnitOfWork, AccountsUnitOfWorkProvider
from services.chassis.access import Scope
from services.chassis.clock import Clock
from services.chassis.container import ClockProvider, SettingsProvider
from services.chassis.database import Database, DatabaseProvider
from services.chassis.files import XLSX, UnreadableFile, UnsafeFile
from services.chassis.http import Request, http
from services.chassis.paging import PageSchema

PATH = "/api/accounts/v1/imports"
LARGEST_FILE = 8 * 1024 * 1024


class ImportEntrypoints:
    """People from spreadsheets."""

    uow: AccountsUnitOfWork = AccountsUnitOfWorkProvider()
    configured: AccountsSettings = SettingsProvider()
    database: Database = DatabaseProvider()
    clock: Clock = ClockProvider()

    @http(
        "POST",
        PATH,
        action="person.import",
        answer=ReportSchema,
        limit=LARGEST_FILE,
        files=(CSV, XLSX),
        summary="Import people from CSV or XLSX; right rows are applied, wrong ones reported",
        errors=(UnsupportedFile, UnreadableFile, UnsafeFile, UnusableHeader, TooManyRows),
    )
    def import_people(self, request: Request) -> dict[str, Any]:
        """The same file twice changes nothing."""
        command = ImportPeople(
            content_type=request.headers.get("Content-Type", ""),
            content=request.body,
            by=request.principal,
            most_rows=self.configured.import_rows,
        )
        import_id, report = import_people(command, uow=self.uow, clock=self.clock)
        for outcome, count in report.counts.items():
            IMPORTED.labels(outcome.value).inc(count)
        return {
            "id": import_id,
            "rows": report.rows,
            **{outcome.value: report.counts[outcome] for outcome in Outcome},
            "errors": report.errors,
            "errors_left_out": report.errors_left_out,
            "addresses_kept": report.addresses_kept,
            "ignored_columns": report.ignored_columns,
        }

    @http(
        "GET",
        PATH,
        action="person.import",
        query=PageSchema,
        answer=ImportPageSchema,
        summary="Imports that took place: the own ones; all of them for the city",
    )
    def list_imports(self, request: Request) -> dict[str, Any]:
        """Counts only; the files are not kept."""
        by = None if request.scope is Scope.CITY else request.principal.person
        with self.database.reading() as connection:
            return list_imports(by, connection, **request.query)
