"""The relay: takes events from the outbox to the broker, and urgent ones past it when it fails."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import eventlet
from nameko.extensions import DependencyProvider
from sqlalchemy import Connection, Row, text

from services.chassis.eventspans import tell_sent
from services.chassis.logs import get_logger
from services.chassis.metrics import (
    BROKER_CONNECTED,
    DATABASE_CLOCK,
    EVENTS_POSTED,
    EVENTS_PUBLISHED,
    HEARTBEAT,
    OUTBOX_OLDEST,
    OUTBOX_WAITING,
    RELAY_SECONDS,
    count_from_zero,
)
from services.chassis.posting import Posting
from services.chassis.publication import publication_of
from services.chassis.publisher import BrokerAway, Publisher
from services.chassis.runtime import Runtime, WakeUp
from services.chassis.statements import fetch, postpone
from services.contracts.catalogue import EVENTS
from services.contracts.subscriptions import SUBSCRIPTIONS, Lane

log = get_logger()

BATCH = 500
CONFIRM_SECONDS = 10.0
URGENT_CONFIRM_SECONDS = 3.0
TICK_SECONDS = 0.5
# What is stored within this time travels together: a claim, a commit and a confirm less for each.
GATHER_SECONDS = 0.01
BROKER_PAUSE_SECONDS = 1.0
SUSPECT_SECONDS = 15.0

_CLAIM = """
    SELECT position, id::text AS id, type, subject, sequence, unit, correlation_id, causation_id,
           traceparent, data::text AS data, created_at, posted_at
    FROM outbox
    WHERE sent_at IS NULL AND urgent = %(urgent)s AND next_attempt_at <= now()
    ORDER BY position LIMIT %(most)s FOR UPDATE SKIP LOCKED
"""
_SENT = """
    UPDATE outbox SET sent_at = now(), attempts = attempts + 1
    WHERE position = ANY(%(positions)s::bigint[])
"""
_LATER = """
    UPDATE outbox SET attempts = attempts + 1,
           next_attempt_at = now() + make_interval(secs => least(60, power(2, attempts)))
    WHERE position = ANY(%(positions)s::bigint[])
"""
_POSTED = "UPDATE outbox SET posted_at = now() WHERE position = %(position)s"
# By the partial indexes; what waits beyond MOST_COUNTED after a long outage is not counted.
MOST_COUNTED = 100_000
_STATE = text(
    """
    SELECT urgent,
           (SELECT count(*) FROM (SELECT 1 FROM outbox WHERE sent_at IS NULL
            AND outbox.urgent = lanes.urgent LIMIT :most) AS counted) AS waiting,
           coalesce(extract(epoch FROM clock_timestamp() - (SELECT created_at FROM outbox
            WHERE sent_at IS NULL AND outbox.urgent = lanes.urgent
            ORDER BY position LIMIT 1)), 0) AS oldest,
           extract(epoch FROM clock_timestamp()) AS now
    FROM (VALUES (true), (false)) AS lanes (urgent)
    """
)


class Relay:
    """One lane of a service's relay. Any number of them, in any replica, may run at once."""

    def __init__(self, runtime: Runtime, *, urgent: bool) -> None:
        self._runtime = runtime
        self._urgent = urgent
        self._timeout = URGENT_CONFIRM_SECONDS if urgent else CONFIRM_SECONDS
        self._publisher = Publisher(runtime.settings.amqp_url)
        self._suspect_until = 0.0
        self._lane = "urgent" if urgent else "ordinary"
        self._beat = HEARTBEAT.labels(runtime.service, f"relay-{self._lane}")
        self._took = RELAY_SECONDS.labels(runtime.service, self._lane)
        self._posting = Posting(runtime)
        if urgent:
            count_from_zero(EVENTS_POSTED, [runtime.service], _heard_by_crisis(runtime.service))
        self._traced: set[str] = set()
        self._stopping = False

    @property
    def wake(self) -> WakeUp:
        """What wakes this lane."""
        return self._runtime.wake_urgent if self._urgent else self._runtime.wake_ordinary

    def run(self) -> None:
        """Until stopped: publish, sleep, wake; what was stored before the stop still goes out."""
        while not self._stopping:
            if self._turn():
                self.wake.wait(TICK_SECONDS)
                eventlet.sleep(0 if self._urgent else GATHER_SECONDS)
            else:
                eventlet.sleep(BROKER_PAUSE_SECONDS)
        self._turn()

    def _turn(self) -> bool:
        """Publish all that waits; False in an outage, which is waited out and never fatal."""
        self._beat.set_to_current_time()
        try:
            self._publisher.keep_alive()
            while self.step() == BATCH:
                pass
            if not self._urgent:
                self._tell_broker(up=self._publisher.stands())
        except Exception as error:
            self._tell_broker(up=False)
            log.warning("relay-waits", error=type(error).__name__, reason=str(error)[:80])
            return False
        return True

    def stop(self) -> None:
        """Send what is stored, then end."""
        self._stopping = True
        self.wake.call()

    def step(self) -> int:
        """Publish one batch; returns how many rows it held. Raises BrokerAway."""
        with self._runtime.database.engine.begin() as connection:
            claimed = fetch(connection, _CLAIM, {"urgent": self._urgent, "most": BATCH})
            rows = self._known(connection, claimed)
            if not rows:
                return 0
            self._traced = {row.id for row in rows if row.posted_at is not None}
            posts = self._posting.begin(rows) if self._urgent else {}
            if self._urgent and time.monotonic() < self._suspect_until:
                self._post_all(connection, rows, posts)
            confirmed = self._publish(connection, rows, posts)
            self._mark(connection, rows, confirmed)
        return len(rows)

    def _known(self, connection: Connection, rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
        """Those of types this version knows; the others wait and hold nobody up."""
        unknown = [row.position for row in rows if row.type not in EVENTS]
        if unknown:
            log.error("outbox-type-unknown", count=len(unknown))
            postpone(connection, _LATER, {"positions": unknown})
        return [row for row in rows if row.type in EVENTS]

    def _publish(
        self, connection: Connection, rows: Sequence[Row[Any]], posts: Mapping[int, Any]
    ) -> set[str]:
        publications = [publication_of(row, self._runtime.tracer) for row in rows]
        try:
            confirmed = self._publisher.publish(publications, self._timeout)
        except BrokerAway as away:
            self._suspect_until = time.monotonic() + SUSPECT_SECONDS
            if not self._urgent:
                raise
            self._tell_broker(up=False)
            log.warning("broker-away", reason=str(away)[:80])
            self._post_all(connection, rows, posts)
            return set()
        self._tell_broker(up=True)
        if self._urgent and len(confirmed) < len(rows):
            self._post_all(connection, [row for row in rows if row.id not in confirmed], posts)
        return confirmed

    def _mark(self, connection: Connection, rows: Sequence[Row[Any]], confirmed: set[str]) -> None:
        sent = [row.position for row in rows if row.id in confirmed]
        late = [row.position for row in rows if row.id not in confirmed]
        if sent:
            postpone(connection, _SENT, {"positions": sent})
        if late:
            postpone(connection, _LATER, {"positions": late})
        now = time.time()
        for row in rows:
            if row.id in confirmed:
                self._took.observe(max(0.0, now - row.created_at.timestamp()))
        self._trace([row for row in rows if row.id in confirmed], posted=False)
        for kind, number in Counter(row.type for row in rows if row.id in confirmed).items():
            EVENTS_PUBLISHED.labels(self._runtime.service, kind).inc(number)

    def _post_all(
        self, connection: Connection, rows: Sequence[Row[Any]], posts: Mapping[int, Any]
    ) -> None:
        """Wait for what was begun beside, begin the rest, and note who was told."""
        waiting = [row for row in rows if row.posted_at is None]
        # Not `get(…) or …`: a green thread that has not begun, or has ended, counts as false.
        begun = [
            posts[row.position] if row.position in posts else self._posting.spawn(row)
            for row in waiting
        ]
        for row, post in zip(waiting, begun, strict=True):
            if post.wait():
                postpone(connection, _POSTED, {"position": row.position})
                EVENTS_POSTED.labels(self._runtime.service, row.type).inc()
                self._trace([row], posted=True)

    def _trace(self, rows: Sequence[Row[Any]], *, posted: bool) -> None:
        """One span an event, when the first of its ways has brought it to its readers."""
        if self._runtime.tracer is None:
            return
        for row in rows:
            if row.id not in self._traced:
                self._traced.add(row.id)
                tell_sent(self._runtime.tracer, row, posted=posted)

    def _tell_broker(self, *, up: bool) -> None:
        BROKER_CONNECTED.labels(self._runtime.service, f"relay-{self._lane}").set(int(up))


def _heard_by_crisis(service: str) -> list[str]:
    """The types of a service's events that crisis readers wait for."""
    crisis = (each.types for each in SUBSCRIPTIONS if each.lane is Lane.CRISIS)
    return [kind for types in crisis for kind in types if EVENTS[kind].sender() == service]


def observe_outbox(runtime: Runtime) -> tuple[int, float]:
    """How many events wait, and the age of the oldest in seconds; also set as metrics."""
    with runtime.database.reading() as connection:
        rows = connection.execute(_STATE, {"most": MOST_COUNTED}).all()
    for row in rows:
        lane = "urgent" if row.urgent else "ordinary"
        OUTBOX_WAITING.labels(runtime.service, lane).set(row.waiting)
        OUTBOX_OLDEST.labels(runtime.service, lane).set(float(row.oldest))
    DATABASE_CLOCK.labels(runtime.service).set(float(rows[0].now) - time.time())
    return sum(int(row.waiting) for row in rows), max(float(row.oldest) for row in rows)


class RelayRunner(DependencyProvider):
    """Runs both lanes of the relay beside a service that has a database."""

    def setup(self) -> None:
        """Make the lanes."""
        runtime = self.container.runtime
        self._lanes = (
            [Relay(runtime, urgent=urgent) for urgent in (True, False)]
            if runtime.has_database
            else []
        )
        self._threads: list[Any] = []

    def start(self) -> None:
        """Start them."""
        self._threads = [self.container.spawn_managed_thread(lane.run) for lane in self._lanes]

    def stop(self) -> None:
        """Let them flush what is stored, then end."""
        for lane in self._lanes:
            lane.stop()
        with eventlet.Timeout(CONFIRM_SECONDS, exception=False):
            for thread in self._threads:
                thread.wait()
