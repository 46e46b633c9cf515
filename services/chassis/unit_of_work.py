"""The unit of work: what a use case changes, publishes and sets timers for, all or nothing."""

from datetime import datetime
from types import TracebackType
from typing import ClassVar, Self
from uuid import UUID

from nameko.extensions import DependencyProvider
from sqlalchemy import Connection

from services.chassis.auditing import seal_reason
from services.chassis.due import TimerRows
from services.chassis.keyring import KeyRing
from services.chassis.outbox import Outgoing
from services.chassis.statements import fetch, postpone
from services.chassis.transaction import Transaction
from services.chassis.vault import PersonVault
from services.contracts.event import IntegrationEvent

_AUDIT = """
    INSERT INTO audit (actor, action, subject, person, reason, correlation_id)
    VALUES (%(actor)s, %(action)s, %(subject)s, %(person)s, %(reason)s, %(correlation_id)s)
"""


class UnitOfWork:
    """Use it as `with uow: …; uow.commit()`; without the commit nothing happened.

    A service's own class builds its repositories in `open`.
    """

    connection: Connection
    vault: PersonVault
    timers: TimerRows

    def __init__(self, transaction: Transaction, keyring: KeyRing) -> None:
        self._transaction = transaction
        self.keyring = keyring
        self._committed = False
        self._now: datetime | None = None

    def open(self, connection: Connection) -> None:
        """Build the repositories on this connection."""

    def __enter__(self) -> Self:
        self._transaction.begin_block()
        self._committed = False
        self._now = None
        self.connection = self._transaction.connection
        self.vault = PersonVault(self.connection, self.keyring)
        self.timers = TimerRows(self.connection, self.correlation_id)
        self.open(self.connection)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._transaction.end_block(committed=self._committed)

    def commit(self) -> None:
        """Keep everything, with the events published so far."""
        self._transaction.commit_block()
        self._committed = True

    def apart(self) -> Self:
        """The same in a transaction of its own: what it commits stands, whatever follows."""
        return type(self)(self._transaction.apart(), self.keyring)

    def publish(self, event: IntegrationEvent, *, unit: str = "", urgent: bool = False) -> None:
        """Send an event with this change; an urgent one does not depend on the broker."""
        self._transaction.add(Outgoing(event, self._transaction.context, unit, urgent))

    @property
    def correlation_id(self) -> str:
        """The loop this work belongs to."""
        return self._transaction.context.correlation_id

    def follow(self, correlation_id: str) -> None:
        """Continue another loop: events published from here on carry its id."""
        self._transaction.context = self._transaction.context.following(correlation_id)
        self.timers = TimerRows(self.connection, correlation_id)

    def now(self) -> datetime:
        """The database's clock at the start of this transaction, in UTC."""
        if self._now is None:
            self._now = fetch(self.connection, "SELECT now()", {})[0].now
        return self._now

    def audit(
        self, action: str, subject: UUID | str, person: UUID | None = None, reason: str = ""
    ) -> None:
        """Note who read or changed what about whom; the person can see it."""
        context = self._transaction.context
        row = {
            "actor": context.actor,
            "action": action,
            "subject": str(subject),
            "person": person,
            "reason": seal_reason(self.vault, person, reason),
            "correlation_id": context.correlation_id,
        }
        postpone(self.connection, _AUDIT, row)


class UnitOfWorkProvider(DependencyProvider):
    """Gives each worker a unit of work on the worker's own transaction."""

    unit_of_work: ClassVar[type[UnitOfWork]] = UnitOfWork

    def get_dependency(self, worker_ctx: object) -> UnitOfWork:
        """The worker's unit of work."""
        transaction: Transaction = worker_ctx.transaction  # type: ignore[attr-defined]  # set by the container
        return self.unit_of_work(transaction, self.container.runtime.keyring)
