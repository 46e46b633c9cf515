"""A ledger as a city's year would fill it, written by SQL: what an event says, not what it weighs.

Each life is a worker who answers a scale; some are offered a session, book, come or stay away; a
few become crisis cases. 520 enterprises in 13 districts, two lives a person, in order of time.
"""

from contextlib import closing
from typing import Any

import psycopg2
import psycopg2.extensions

from services.cli.bench.busworld import plain
from services.cli.bench.ground import Ground
from services.cli.errors import CommandFailed
from services.cli.progress import bar

# (the type, the lives it happens to: those whose dice of 0 to 999 fall from … up to …, hours later)
STEPS = (
    ("assessment.response-completed.v1", 0, 1000, 0),
    ("booking.case-opened.v1", 0, 15, 0),
    ("booking.case-acknowledged.v1", 0, 15, 1),
    ("booking.case-contacted.v1", 0, 14, 2),
    ("booking.offer-made.v1", 0, 400, 1),
    ("notification.message-sent.v1", 0, 400, 1),
    ("booking.offer-accepted.v1", 0, 240, 20),
    ("booking.appointment-booked.v1", 0, 240, 20),
    ("notification.message-delivered.v1", 0, 240, 21),
    ("booking.appointment-checked-in.v1", 0, 200, 70),
    ("booking.appointment-completed.v1", 0, 190, 71),
    ("booking.appointment-no-show.v1", 200, 240, 72),
    ("booking.offer-expired.v1", 240, 330, 73),
    ("booking.offer-declined.v1", 330, 400, 30),
)
EVENTS_A_LIFE = sum(upto - start for _, start, upto, _ in STEPS) / 1000
CHUNK = 100_000

_BARE = """
    ALTER TABLE ledger DROP CONSTRAINT uq_ledger_event_id;
    DROP INDEX ix_ledger_correlation_id, ix_ledger_person;
"""
_INDEXED = """
    ALTER TABLE ledger ADD CONSTRAINT uq_ledger_event_id UNIQUE (event_id);
    CREATE INDEX ix_ledger_correlation_id ON ledger (correlation_id);
    CREATE INDEX ix_ledger_person ON ledger (person) WHERE person IS NOT NULL;
"""
_FILL = """
    WITH steps (kind, low, high, later) AS (VALUES {steps}),
    lives AS (
        SELECT n, n * 7919 %% 1000 AS dice, md5('p' || n / 2)::uuid AS person,
               'wh/d' || n * 31 %% 13 || '/e' || n * 17 %% 520 AS unit,
               now() - interval '365 days' * (1 - n::float8 / %(lives)s) AS at
        FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
    ),
    events AS (
        SELECT n, kind, dice, person, unit, least(now(), at + later * interval '1 hour') AS at
        FROM lives JOIN steps ON dice >= low AND dice < high
    )
    INSERT INTO ledger (event_id, kind, at, month, unit, correlation_id, subject, sequence,
                        person, bucket, facts)
    SELECT md5(kind || n)::uuid, kind, at,
           date_trunc('month', at AT TIME ZONE 'Asia/Shanghai'), unit, md5('loop' || n)::uuid,
           md5(split_part(kind, '-', 1) || n)::uuid, 1, person,
           get_byte(uuid_send(person), 15),
           CASE kind
               WHEN 'assessment.response-completed.v1' THEN jsonb_build_object(
                   'instrument', (ARRAY['phq9', 'gad7', 'srq20'])[n %% 3 + 1],
                   'band', CASE WHEN dice < 20 THEN 'severe' WHEN dice < 100 THEN 'moderate'
                                WHEN dice < 350 THEN 'mild' ELSE 'minimal' END,
                   'risk', CASE WHEN dice < 15 THEN 'crisis' WHEN dice < 40 THEN 'urgent'
                                WHEN dice < 100 THEN 'concern' ELSE 'none' END)
               WHEN 'booking.case-opened.v1' THEN '{{"crisis": "yes"}}'
               WHEN 'booking.case-acknowledged.v1'
                   THEN jsonb_build_object('seconds', (n * 13 %% 900)::text)
               WHEN 'booking.case-contacted.v1'
                   THEN jsonb_build_object('seconds', (n * 17 %% 7200)::text, 'reached', 'yes')
               ELSE '{{}}'
           END
    FROM events
"""
_COUNTED = """
    SELECT code, sum(value)::bigint FROM counters WHERE own AND code = ANY(%s) GROUP BY code
"""
_HAPPENED = "SELECT count(*) FROM ledger WHERE kind = %s"
CODES = {
    "responses-completed": "assessment.response-completed.v1",
    "offers-made": "booking.offer-made.v1",
    "appointments-no-show": "booking.appointment-no-show.v1",
}


def filled(ground: Ground, events: int) -> str:
    """The address of a migrated database whose ledger holds about so many events."""
    url = ground.database("reporting", tag=f"bench_{events}")
    lives = round(events / EVENTS_A_LIFE)
    with closing(psycopg2.connect(plain(url))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor, bar(lives, f"{events:,} events", "lives") as shown:
            cursor.execute(_BARE)
            for first in range(0, lives, CHUNK):
                last = min(first + CHUNK, lives) - 1
                cursor.execute(_statement(), {"lives": lives, "first": first, "last": last})
                shown.update(last - first + 1)
            cursor.execute(_INDEXED)
            cursor.execute("VACUUM ANALYZE ledger")
    return url


def size_of(url: str) -> int:
    """How many events the ledger holds."""
    with closing(psycopg2.connect(plain(url))) as connection:
        return _one(connection, "SELECT count(*) FROM ledger")


def check(url: str) -> None:
    """The counters say what plain SQL counts in the ledger; else CommandFailed."""
    with closing(psycopg2.connect(plain(url))) as connection:
        with connection.cursor() as cursor:
            cursor.execute(_COUNTED, (list(CODES),))
            counted = dict(cursor.fetchall())
        happened = {code: _one(connection, _HAPPENED, kind) for code, kind in CODES.items()}
    if counted != happened:
        raise CommandFailed(f"the counters say {counted}, the ledger {happened}")


def _statement() -> str:
    rows = [f"('{kind}', {low}, {high}, {later})" for kind, low, high, later in STEPS]
    return _FILL.format(steps=", ".join(rows))


def _one(connection: psycopg2.extensions.connection, statement: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        row = cursor.fetchone()
    return int(row[0]) if row else 0
