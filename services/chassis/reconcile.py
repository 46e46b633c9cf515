"""What a broker forgot: sent events that a reader has no record of go again.

RabbitMQ keeps unacknowledged messages; kombu's in-memory transport loses them with the process, and
a backup holds no broker at all. Where all databases are at hand (in the embedded mode, and at the
end of `./huixin restore`), each sent event is looked up in its readers' inboxes, and only then
counts as settled.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from services.chassis.database import Database
from services.contracts.subscriptions import readers_of

MOST = 2_000

_UNSETTLED = text(
    """
    SELECT position, id, type FROM outbox
    WHERE sent_at IS NOT NULL AND NOT settled
      AND sent_at <= now() - make_interval(secs => :age)
    ORDER BY position LIMIT :most
    """
)
_RECORDED = text(
    "SELECT event_id FROM inbox WHERE queue = :queue AND event_id = ANY(CAST(:ids AS uuid[]))"
)
_SETTLE = text(
    "UPDATE outbox SET settled = true WHERE position = ANY(CAST(:positions AS bigint[]))"
)
_AGAIN = text(
    "UPDATE outbox SET sent_at = NULL, next_attempt_at = now()"
    " WHERE position = ANY(CAST(:positions AS bigint[]))"
)


def send_unrecorded_again(databases: Mapping[str, Database], *, age_seconds: float) -> int:
    """Go through all events sent at least so long ago, by service; returns how many go again."""
    return sum(_reconcile(sender, databases, age_seconds) for sender in databases.values())


def _reconcile(sender: Database, readers: Mapping[str, Database], age: float) -> int:
    again = 0
    while True:
        with sender.engine.begin() as connection:
            rows = connection.execute(_UNSETTLED, {"age": age, "most": MOST}).all()
            missing = _missing(rows, readers)
            settled = [row.position for row in rows if row.id not in missing]
            lost = [row.position for row in rows if row.id in missing]
            connection.execute(_SETTLE, {"positions": settled})
            connection.execute(_AGAIN, {"positions": lost})
        again += len(lost)
        if len(rows) < MOST:
            return again


def _missing(rows: Sequence[Row[Any]], readers: Mapping[str, Database]) -> set[UUID]:
    expected: dict[tuple[str, str], set[UUID]] = defaultdict(set)
    for row in rows:
        for subscription in readers_of(row.type):
            expected[subscription.reader, subscription.queue].add(row.id)
    missing: set[UUID] = set()
    for (reader, queue), ids in expected.items():
        if reader in readers:
            missing |= ids - _recorded(readers[reader], queue, ids)
    return missing


def _recorded(reader: Database, queue: str, ids: set[UUID]) -> set[UUID]:
    with reader.reading() as connection:
        parameters = {"queue": queue, "ids": [str(each) for each in ids]}
        return set(connection.execute(_RECORDED, parameters).scalars())
