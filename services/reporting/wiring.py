"""Reporting's providers: the only place that joins ports to storage."""

from sqlalchemy import Connection

from services.chassis.unit_of_work import UnitOfWork, UnitOfWorkProvider
from services.reporting.editions.storage import EditionRepository
from services.reporting.ledger.counterstorage import CounterRepository
from services.reporting.ledger.rebuildqueue import RebuildRepository
from services.reporting.ledger.storage import LedgerRepository
from services.reporting.targets.storage import TargetRepository


class ReportingUnitOfWork(UnitOfWork):
    """Reporting's repositories on one connection."""

    def open(self, connection: Connection) -> None:
        """Build them."""
        self.ledger = LedgerRepository(connection)
        self.counters = CounterRepository(connection)
        self.rebuilds = RebuildRepository(connection)
        self.editions = EditionRepository(connection)
        self.targets = TargetRepository(connection)


class ReportingUnitOfWorkProvider(UnitOfWorkProvider):
    """Gives each worker its unit of work."""

    unit_of_work = ReportingUnitOfWork
