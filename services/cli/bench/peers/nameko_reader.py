"""nameko's own @event_handler with psycopg2: one transaction an event, acknowledged after it.

Matched with ours: quorum queue (nameko declares classic ones: the one line that differs from it
is below), JSON, inbox row and changed row in one transaction, as many workers and connections
and as large a prefetch as measured best. nameko acknowledges after the handler has returned.
Left out in favour of nameko: checks of the envelope, retries, parking, metrics.
"""

import eventlet

eventlet.monkey_patch()

from typing import Any

import psycopg2
from eventlet.queue import LightQueue
from nameko import config
from nameko.containers import ServiceContainer
from nameko.events import EventHandler
from nameko.extensions import DependencyProvider

from services.cli.bench.peers.task import (
    MARK,
    RECEIVE,
    TYPE,
    say_ready,
    the_task,
)

TASK = the_task()


class QuorumEventHandler(EventHandler):
    """nameko's, on a quorum queue."""

    def setup(self) -> None:
        """As nameko does, then say what kind of queue it is to be."""
        super().setup()
        self.queue.queue_arguments = {"x-queue-type": "quorum"}


class Connections(DependencyProvider):
    """psycopg2 connections, one for each worker, handed from one to the next."""

    def setup(self) -> None:
        """Connect before the clock starts."""
        self._free: Any = LightQueue()
        for _ in range(TASK.width):
            self._free.put(psycopg2.connect(TASK.database_url))

    def get_dependency(self, _worker: object) -> Any:
        """The free ones."""
        return self._free


class PeerReader:
    """A nameko service that handles events."""

    name = "peerreader"
    connections = Connections()

    @QuorumEventHandler.decorator("peer", TYPE)
    def on_event(self, event: dict[str, Any]) -> None:
        """Once in effect: the inbox row and the change together."""
        connection = self.connections.get()
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(RECEIVE, (TASK.queue, event["id"]))
                if cursor.rowcount:
                    cursor.execute(MARK, (event["subject"],))
        finally:
            self.connections.put(connection)


def main() -> None:
    """Until ended."""
    width = {"max_workers": TASK.width, "PREFETCH_COUNT": TASK.width}
    config.setup({"AMQP_URI": TASK.amqp_url, **width})
    container = ServiceContainer(PeerReader)
    container.start()
    say_ready()
    container.wait()


if __name__ == "__main__":
    main()
