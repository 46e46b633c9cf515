"""Urgent events past the broker: told to their crisis readers over HTTP, a few at a time."""

from collections.abc import Sequence
from typing import Any

import eventlet
from eventlet.semaphore import Semaphore
from sqlalchemy import Row

from services.chassis.bus import is_memory
from services.chassis.context import Context, enter
from services.chassis.errors import ServiceError
from services.chassis.eventspans import traceparent_of
from services.chassis.logs import get_logger
from services.chassis.publication import publication_of
from services.chassis.runtime import Runtime
from services.contracts.envelope import CONTENT_TYPE
from services.contracts.subscriptions import Lane, readers_of

log = get_logger()

AT_ONCE = 8


class Posting:
    """Posts rows of the outbox; each post is a green thread that ends with whether all took it."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._turns = Semaphore(AT_ONCE)

    def begin(self, rows: Sequence[Row[Any]]) -> dict[int, Any]:
        """Tell the readers of urgent events at once: a broker that hangs takes seconds to notice,
        and its confirm says that a queue has the event, not that anybody reads it. By position.
        """
        if is_memory(self._runtime.settings.amqp_url):
            return {}
        return {row.position: self.spawn(row) for row in rows if row.posted_at is None}

    def spawn(self, row: Row[Any]) -> Any:
        """Begin one post."""
        return eventlet.spawn(self._post, row)

    def _post(self, row: Row[Any]) -> bool:
        """Hand an urgent event to its crisis readers over HTTP; True if each has stored it."""
        readers = {each.reader for each in readers_of(row.type) if each.lane is Lane.CRISIS}
        tracer = self._runtime.tracer
        body = publication_of(row, tracer).body
        enter(Context(row.correlation_id, traceparent=traceparent_of(row, tracer)))
        with self._turns:
            told = [self._tell_reader(reader, row.type, body) for reader in readers]
        return bool(told) and all(told)

    def _tell_reader(self, reader: str, event_type: str, body: bytes) -> bool:
        headers = {"Content-Type": CONTENT_TYPE}
        try:
            self._runtime.peers.call(
                "POST", reader, "/internal/v1/events", data=body, headers=headers
            )
        except ServiceError as error:
            log.warning("post-failed", reader=reader, type=event_type, code=error.code)
            return False
        return True
