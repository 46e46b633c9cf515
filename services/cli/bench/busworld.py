"""The two databases and the broker that all contestants of a bus row share."""

import time
from contextlib import closing
from typing import Any

import psycopg2
from sqlalchemy import create_engine, text

from services.chassis.tables import new_metadata
from services.chassis.topology import Topology
from services.cli.bench.ground import Ground
from services.cli.bench.peers.task import SENT_AT, TYPE, UNIT
from services.cli.errors import CommandFailed
from services.contracts.subscriptions import SUBSCRIPTIONS

SETTLE_SECONDS = 30.0

_MARKS_TABLE = "CREATE TABLE marks (response uuid PRIMARY KEY, times integer NOT NULL)"
_FILL_MARKS = """
    TRUNCATE inbox, marks;
    INSERT INTO marks SELECT md5('response' || n)::uuid, 0 FROM generate_series(1, %s) AS n;
    ANALYZE marks;
"""
_FILL_OUTBOX = """
    TRUNCATE outbox;
    INSERT INTO outbox (id, type, subject, sequence, unit, correlation_id, created_at, data)
    SELECT md5('event' || n)::uuid, %(type)s, md5('response' || n)::uuid, 1, %(unit)s,
           md5('loop' || n)::uuid, %(at)s,
           jsonb_build_object(
               'response', md5('response' || n)::uuid, 'person', md5('person' || n)::uuid,
               'instrument', 'phq9', 'version', '1', 'band', 'minimal', 'risk', 'none',
               'care_level', 0, 'policy', 'bench', 'case', NULL, 'campaign', NULL)
    FROM generate_series(1, %(events)s) AS n;
    ANALYZE outbox;
"""
_RECEIVED = "SELECT count(*) FROM inbox"
_ONCE = """
    SELECT count(*) FILTER (WHERE times = 1), count(*) FILTER (WHERE times <> 1),
           (SELECT count(*) FROM inbox WHERE state = 'done') FROM marks
"""
_UNSENT = "SELECT count(*) FROM outbox WHERE sent_at IS NULL"


class BusWorld:
    """Emptied and filled for every run; counted after it."""

    def __init__(self, ground: Ground, queue: str, most: int) -> None:
        self.ground, self.queue = ground, queue
        self.most = self.events = most
        self.sender_url = ground.empty_database("bench_bus_sender")
        self.reader_url = ground.empty_database("bench_bus_reader")
        for url in (self.sender_url, self.reader_url):
            _make_tables(url)

    def declare(self, amqp_url: str) -> None:
        """Our own queue of this row alone: an event goes to no other."""
        wanted = tuple(each for each in SUBSCRIPTIONS if each.queue == self.queue)
        Topology(wanted).apply(amqp_url)

    def lay_out(self, part: float) -> None:
        """One row for each event to change, nothing received; all of it on disk."""
        self.events = round(self.most * part)
        with closing(_connected(self.reader_url)) as connection, connection.cursor() as cursor:
            cursor.execute(_FILL_MARKS, (self.events,))
            connection.commit()
        with closing(self.ground.postgres.admin()) as connection, connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")

    def stored_events(self) -> Any:
        """An open transaction whose commit puts all events into the outbox at one moment."""
        connection = _connected(self.sender_url)
        values = {"events": self.events, "type": TYPE, "unit": UNIT, "at": SENT_AT}
        with connection.cursor() as cursor:
            cursor.execute(_FILL_OUTBOX, values)
        return connection

    def watching(self) -> Any:
        """A connection to ask `received` over."""
        connection = _connected(self.reader_url)
        connection.autocommit = True
        return connection

    def received(self, connection: Any) -> int:
        """How many events are in the inbox, with their change."""
        with connection.cursor() as cursor:
            cursor.execute(_RECEIVED)
            return int(cursor.fetchone()[0])

    def check(self, *, from_outbox: bool) -> None:
        """Every event once in effect, and none left in the outbox; else CommandFailed."""
        with closing(self.watching()) as connection, connection.cursor() as cursor:
            cursor.execute(_ONCE)
            once, otherwise, done = cursor.fetchone()
        if (once, otherwise, done) != (self.events, 0, self.events):
            raise CommandFailed(
                f"of {self.events} events {once} took effect once, {otherwise} not or more often; "
                f"the inbox holds {done}"
            )
        if from_outbox:
            self._check_outbox()

    def _check_outbox(self) -> None:
        deadline = time.monotonic() + SETTLE_SECONDS
        with closing(_connected(self.sender_url)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                while True:
                    cursor.execute(_UNSENT)
                    (unsent,) = cursor.fetchone() or (0,)
                    if not unsent:
                        return
                    if time.monotonic() > deadline:
                        raise CommandFailed(f"{unsent} events were not marked as sent")
                    time.sleep(0.1)


def plain(url: str) -> str:
    """The libpq address of a SQLAlchemy one."""
    return url.replace("postgresql+psycopg2:", "postgresql:", 1)


def _make_tables(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        new_metadata().drop_all(connection)
        connection.execute(text("DROP TABLE IF EXISTS marks"))
        new_metadata().create_all(connection)
        connection.execute(text(_MARKS_TABLE))
    engine.dispose()


def _connected(url: str) -> Any:
    return psycopg2.connect(plain(url))
