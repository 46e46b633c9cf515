"""psycopg2 with fewer round trips: BEGIN, and what nobody waits for, travel with other statements.

psycopg2 sends BEGIN by itself and awaits its answer. Here it sends nothing on its own
(autocommit), and these two classes begin and end transactions; where none began, there is nothing
to end. They take the place of psycopg2's own through `connect_args`.
"""

from typing import Any

from psycopg2.extensions import (
    ISOLATION_LEVEL_AUTOCOMMIT,
    TRANSACTION_STATUS_IDLE,
    TRANSACTION_STATUS_INERROR,
    connection,
    cursor,
)


class EagerCursor(cursor):
    """Sends a statement together with what is to go ahead of it."""

    connection: "EagerConnection"

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002  # psycopg2's name
        """Run a statement, in a transaction where one is wanted."""
        if self.connection.has_ahead():
            # In this order: a value that cannot be written must not take the others with it.
            statement = self.mogrify(query, vars)
            query, vars = self.connection.take_ahead() + statement, None  # noqa: A001  # psycopg2's name
        super().execute(query, vars)

    def executemany(self, query: Any, vars_list: Any) -> None:
        """Run a statement for each of many values, all in one transaction."""
        if ahead := self.connection.take_ahead():
            super().execute(ahead)
        super().executemany(query, vars_list)


class EagerConnection(connection):
    """A connection for `connection_factory`; its isolation level is the server's default."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.autocommit = True
        self.cursor_factory = EagerCursor
        self._transactional = True
        self._postponed: list[bytes] = []

    def postpone(self, query: Any, values: Any) -> None:
        """Run this together with the next statement, or with COMMIT; what it returns is lost."""
        with self.cursor() as cursor:
            self._postponed.append(cursor.mogrify(query, values) + b";")

    def has_ahead(self) -> bool:
        """Whether anything goes ahead of the next statement."""
        return bool(self._postponed) or (self._transactional and self._idle())

    def take_ahead(self) -> bytes:
        """What goes ahead of the next statement: BEGIN where it is the first, and the postponed."""
        begin = b"BEGIN;" if self._transactional and self._idle() else b""
        postponed, self._postponed = self._postponed, []
        return begin + b"".join(postponed)

    def commit(self) -> None:
        """Keep what the transaction did."""
        if not self._postponed and self._idle():
            return
        try:
            self._end("COMMIT")
        finally:
            # What travelled with it failed, so that the server never came to the COMMIT.
            if self.get_transaction_status() == TRANSACTION_STATUS_INERROR:
                self._end("ROLLBACK")

    def rollback(self) -> None:
        """Undo it."""
        self._postponed.clear()
        if not self._idle():
            self._end("ROLLBACK")

    def set_isolation_level(self, level: int | None) -> None:
        """With or without transactions; nothing is sent."""
        self._transactional = level != ISOLATION_LEVEL_AUTOCOMMIT

    def _idle(self) -> bool:
        return self.get_transaction_status() == TRANSACTION_STATUS_IDLE

    def _end(self, how: str) -> None:
        with self.cursor() as ending:
            ending.execute(how)
