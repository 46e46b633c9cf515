"""The raw limit of sending: outbox to quorum queue, written by hand, without framework or headers.

The same guarantees as our relay: rows claimed with SKIP LOCKED, persistent messages, publisher
confirms, a row marked as sent only on its confirm and in the transaction that claimed it. Left
out in favour of the limit: headers, checks of types, returned messages, retries, heartbeats,
metrics; the body is put together as text.
"""

from typing import Any

import amqp
import psycopg2

from services.cli.bench.peers.broker import opened
from services.cli.bench.peers.task import SENT_AT, TYPE, Task, say_ready, the_task, wait_for_go

BATCH = 500
EXCHANGE = "assessment.events"
CLAIM = """
    SELECT position, id::text, subject, sequence, unit, correlation_id, data::text FROM outbox
    WHERE sent_at IS NULL AND urgent = false AND next_attempt_at <= now()
    ORDER BY position LIMIT %s FOR UPDATE SKIP LOCKED
"""
SENT = "UPDATE outbox SET sent_at = now(), attempts = attempts + 1 WHERE position = ANY(%s)"
BODY = (
    '{{"specversion":"1.0","id":"{}","source":"/huixin/assessment","type":"' + TYPE + '",'
    '"subject":"{}","time":"' + SENT_AT + '","dataclass":"confidential","correlationid":"{}",'
    '"sequence":"{}","unit":"{}","datacontenttype":"application/json","data":{}}}'
)


class Sender:
    """One connection to each side; a batch goes out whole before its confirms are awaited."""

    def __init__(self, task: Task) -> None:
        self._database = psycopg2.connect(task.database_url)
        self._connection = opened(task.amqp_url)
        self._channel = self._connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._on_ack)
        self._sent = 0
        self._unconfirmed: set[int] = set()

    def step(self) -> int:
        """One batch, one transaction; returns its size."""
        with self._database, self._database.cursor() as cursor:
            cursor.execute(CLAIM, (BATCH,))
            rows = cursor.fetchall()
            if rows:
                self._publish(rows)
                cursor.execute(SENT, ([row[0] for row in rows],))
        return len(rows)

    def _publish(self, rows: list[tuple[Any, ...]]) -> None:
        for _, event, subject, sequence, unit, correlation, data in rows:
            body = BODY.format(event, subject, correlation, sequence, unit, data)
            message = amqp.Message(body, delivery_mode=2, message_id=event)
            self._channel.basic_publish(message, EXCHANGE, TYPE, mandatory=True)
            self._sent += 1
            self._unconfirmed.add(self._sent)
        while self._unconfirmed:
            self._connection.drain_events(timeout=10)

    def _on_ack(self, tag: int, multiple: bool) -> None:
        if multiple:
            self._unconfirmed = {each for each in self._unconfirmed if each > tag}
        else:
            self._unconfirmed.discard(tag)


def main() -> None:
    """Send what the outbox holds."""
    task = the_task()
    sender = Sender(task)
    say_ready()
    wait_for_go()
    while sender.step():
        pass
    wait_for_go()


if __name__ == "__main__":
    main()
