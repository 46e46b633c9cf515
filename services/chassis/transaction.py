"""The one transaction of a worker, which its use case and the chassis share.

Alone, a use case's commit is the database's commit. Where the chassis has rows of its own to add
(an idempotent answer, an inbox row, a timer's end) it *holds* the transaction: the use case's
commit then only says what is to be kept, and `finish` commits it together with those rows.
What must stand whatever becomes of the rest is done `apart`.
"""

from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import Connection, NestedTransaction
from sqlalchemy.exc import DBAPIError

from services.chassis.context import Context
from services.chassis.database import Database
from services.chassis.outbox import Outgoing, store_outgoing


class Transaction:
    """One worker's transaction; opened by the first block, closed by the last."""

    def __init__(
        self,
        database: Database,
        context: Context,
        wake_relay: Callable[[bool], None],
        after_commit: Callable[[], None],
        beside: "Transaction | None" = None,
    ) -> None:
        self.context = context
        self.held = False
        self.kept = False
        self._database = database
        self._wake_relay, self._after_commit = wake_relay, after_commit
        self._beside = beside
        self._connection: Connection | None = None
        self._savepoint: NestedTransaction | None = None
        self._outgoing: list[Outgoing] = []
        self._stored = self._stored_urgent = False

    @property
    def connection(self) -> Connection:
        """The open connection; a transaction begins with its first statement."""
        if self._connection is None:
            self._connection = self._database.engine.connect()
        return self._connection

    def hold(self) -> None:
        """From now on only `finish` commits."""
        self.held = True

    def apart(self) -> "Transaction":
        """One whose commits are the database's at once, while this one is held."""
        if not self.held:
            return self
        return Transaction(
            self._database, self.context, self._wake_relay, self._after_commit, beside=self
        )

    def begin_block(self) -> None:
        """Start a use case's `with uow`; what an earlier block kept is safe from this one."""
        self._outgoing = []
        if self.held and self.kept:
            self._savepoint = self.connection.begin_nested()

    def add(self, outgoing: Outgoing) -> None:
        """Put an event among those this block stores when it commits."""
        self._outgoing.append(outgoing)

    def commit_block(self) -> None:
        """Store the events and commit, or, while held, mark the block's work as kept."""
        for outgoing in self._outgoing:
            store_outgoing(self.connection, outgoing)
            self._stored = True
            self._stored_urgent |= outgoing.urgent
        self._outgoing = []
        self.kept = True
        if self._savepoint is not None:
            self._savepoint.commit()
            self._savepoint = None
        if not self.held:
            self._commit()
        if self._beside is not None:
            self._beside.kept = True

    def end_block(self, *, committed: bool) -> None:
        """Undo what an uncommitted block did."""
        if committed:
            return
        self._outgoing = []
        if self._savepoint is not None:
            self._savepoint.rollback()
            self._savepoint = None
        elif not (self.held and self.kept):
            self.abandon()

    def finish(self) -> None:
        """Commit what was kept, with the chassis's own rows."""
        if self._connection is not None:
            self._commit()

    def abandon(self) -> None:
        """Give everything up and return the connection."""
        self.kept = False
        self._stored = self._stored_urgent = False
        self._savepoint = None
        if self._connection is not None:
            connection, self._connection = self._connection, None
            # A server that is gone has rolled back by itself; the worker must not die of it.
            with suppress(DBAPIError):
                connection.close()

    def _commit(self) -> None:
        connection = self.connection
        try:
            connection.commit()
        finally:
            self._connection = None
            connection.close()
        self._after_commit()
        if self._stored:
            self._wake_relay(self._stored_urgent)
            self._stored = self._stored_urgent = False
