"""Events in, and rebuilds by request."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from services.chassis.batch import subscribe_batch
from services.chassis.container import SettingsProvider
from services.chassis.database import Database, DatabaseProvider
from services.chassis.errors import NotFound
from services.chassis.http import Request, http
from services.chassis.timers import DueTimer, on_due
from services.contracts.envelope import Envelope
from services.reporting.ledger.rebuild import rebuild
from services.reporting.ledger.rebuildqueue import note_progress, show_rebuild
from services.reporting.ledger.schemas import RebuildSchema
from services.reporting.ledger.usecases.count_events import count_events
from services.reporting.settings import ReportingSettings
from services.reporting.wiring import ReportingUnitOfWork, ReportingUnitOfWorkProvider

REBUILD = "ledger-rebuild"


class LedgerEntrypoints:
    """The ledger's queue, and its rebuilds."""

    uow: ReportingUnitOfWork = ReportingUnitOfWorkProvider()
    database: Database = DatabaseProvider()
    settings_in_use: ReportingSettings = SettingsProvider()

    @subscribe_batch("reporting.ledger")
    def on_events(self, events: Sequence[Envelope]) -> None:
        """Count whatever happened anywhere."""
        count_events(events, city=self.settings_in_use.city, uow=self.uow)

    @http(
        "POST",
        "/api/reporting/v1/rebuilds",
        action="ledger.rebuild",
        answer=RebuildSchema,
        status=202,
        summary="Count the whole ledger again",
    )
    def ask_for_rebuild(self, _request: Request) -> Mapping[str, Any]:
        """Start it in the background; the answer's id shows how far it is."""
        rebuild_id = uuid4()
        with self.uow as uow:
            uow.rebuilds.ask(rebuild_id)
            uow.timers.set(REBUILD, str(rebuild_id), uow.now())
            found = show_rebuild(uow.connection, rebuild_id)
            uow.commit()
        return found or {}

    @http(
        "GET",
        "/api/reporting/v1/rebuilds/<uuid:rebuild_id>",
        action="ledger.rebuild",
        answer=RebuildSchema,
        summary="How far a rebuild is",
    )
    def show_rebuild(self, _request: Request, rebuild_id: UUID) -> Mapping[str, Any]:
        """Events done, of how many."""
        with self.database.reading() as connection:
            found = show_rebuild(connection, rebuild_id)
        if found is None:
            raise NotFound(str(rebuild_id))
        return found

    @on_due(REBUILD)
    def run_rebuild(self, timer: DueTimer) -> None:
        """Count again, on connections of its own."""
        engine, rebuild_id = self.database.engine, UUID(timer.key)
        rebuild(engine, lambda done, total: note_progress(engine, rebuild_id, done, total))
        with self.uow as uow:
            uow.rebuilds.finish(rebuild_id)
            uow.commit()
