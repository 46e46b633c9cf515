"""The raw limit of reading: quorum queue to inbox and one changed row, in batches, by hand.

The same guarantees as our batched reader: a transaction holds the inbox rows and the change, an
event that was here before changes nothing, and the batch is acknowledged after its commit. Left
out in favour of the limit: checks of the envelope, retries, parking, heartbeats, metrics.
"""

from typing import Any

import msgspec
import psycopg2
from psycopg2.extras import execute_values

from services.cli.bench.peers.broker import opened
from services.cli.bench.peers.task import Task, say_ready, the_task

BATCH = 500
PREFETCH = 2_000
IDLE_SECONDS = 0.02
INBOX = "INSERT INTO inbox (queue, event_id) VALUES %s ON CONFLICT DO NOTHING RETURNING event_id"
MARKS = "UPDATE marks SET times = times + 1 WHERE response = ANY(%s::uuid[])"


class Reader:
    """Collects messages and stores them by the hundreds."""

    def __init__(self, task: Task) -> None:
        self._queue = task.queue
        self._database = psycopg2.connect(task.database_url)
        self._connection = opened(task.amqp_url)
        self._channel = self._connection.channel()
        self._channel.basic_qos(0, PREFETCH, False)
        self._channel.basic_consume(self._queue, callback=self._on_message)
        self._waiting: list[Any] = []

    def run(self) -> None:
        """Until the process is ended."""
        while True:
            try:
                self._connection.drain_events(timeout=IDLE_SECONDS)
            except TimeoutError:
                self._flush()

    def _on_message(self, message: Any) -> None:
        self._waiting.append(message)
        if len(self._waiting) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting:
            with self._database, self._database.cursor() as cursor:
                self._store(cursor, [msgspec.json.decode(each.body) for each in waiting])
            self._channel.basic_ack(waiting[-1].delivery_tag, multiple=True)

    def _store(self, cursor: Any, events: list[dict[str, Any]]) -> None:
        rows = [(self._queue, event["id"]) for event in events]
        fresh = {found for (found,) in execute_values(cursor, INBOX, rows, None, BATCH, True)}
        changed = [event["subject"] for event in events if event["id"] in fresh]
        if changed:
            cursor.execute(MARKS, (changed,))


def main() -> None:
    """Read until ended."""
    reader = Reader(the_task())
    say_ready()
    reader.run()


if __name__ == "__main__":
    main()
