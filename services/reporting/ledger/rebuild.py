"""Counting everything again from the ledger, beside the running reader.

The rules that count single events say once for each kind of event the rules can tell apart what
it counts for; the database does the sums. The new counters take the old ones' place in one
transaction, which also counts what came in meanwhile; a lock keeps readers out of it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Engine, Row, text

from services.contracts.assessment import ResponseCompletedV1
from services.contracts.booking import (
    CaseAcknowledgedV1,
    CaseContactedV1,
    CaseOpenedV1,
    ExpertRegisteredV1,
    SiteOpenedV1,
)
from services.reporting.counting.cases import CaseClock, merged
from services.reporting.counting.codes import ACTIVITIES, codes_of, counts_people
from services.reporting.counting.entry import Entry
from services.reporting.ledger import metrics
from services.reporting.ledger.counterstorage import (
    REBUILD_LOCK,
    case_changes,
    case_columns,
    figure_columns,
)

STEP = 500_000
COUNTED = (ResponseCompletedV1.type, SiteOpenedV1.type, ExpertRegisteredV1.type, *ACTIVITIES)
CASES = (CaseOpenedV1.type, CaseAcknowledgedV1.type, CaseContactedV1.type)

Progress = Callable[[int, int], None]
"""Told how many of how many events are done."""

_LOCK = text("SELECT pg_advisory_xact_lock(:lock)")
_LAST = text("SELECT coalesce(max(position), 0) FROM ledger")
_STAGE = text(
    """
    CREATE TEMPORARY TABLE alike (kind text, facts jsonb, unit text, month date, number bigint,
                                  crowd bit(256));
    CREATE TEMPORARY TABLE coding (kind text, facts jsonb, code text, people boolean);
    CREATE TEMPORARY TABLE counted_again (month date, unit text, code text, value bigint,
                                          crowd bit(256))
    """
)
_UNSTAGE = text("DROP TABLE IF EXISTS alike, coding, counted_again")
_MEMORY = text("SET LOCAL work_mem = '64MB'")
_GROUP = text(
    """
    INSERT INTO alike
    SELECT kind, facts, unit, month, count(*),
           bit_or(set_bit(CAST(B'0' AS bit(256)), 255 - bucket, 1))
    FROM ledger WHERE position > :after AND position <= :upto AND kind = ANY(:kinds)
    GROUP BY kind, facts, unit, month
    """
)
_KINDS = text("SELECT DISTINCT kind, facts FROM alike")
_CODE = text(
    """
    INSERT INTO coding
    SELECT kind, CAST(facts AS jsonb), code, people FROM unnest(
        CAST(:kind AS text[]), CAST(:facts AS text[]), CAST(:code AS text[]),
        CAST(:people AS boolean[])
    ) AS new (kind, facts, code, people)
    """
)
_KEEP = text(
    """
    INSERT INTO counted_again
    SELECT month, unit, code, sum(number),
           CASE WHEN people THEN coalesce(bit_or(crowd), CAST(B'0' AS bit(256))) END
    FROM alike JOIN coding USING (kind, facts) GROUP BY month, unit, code, people
    """
)
_FORGET = text("TRUNCATE alike, coding")
_CASE_ROWS = text(
    """
    SELECT event_id, kind, at, unit, correlation_id, subject, sequence, causation_id, person,
           bucket, facts
    FROM ledger WHERE position > :after AND position <= :upto AND kind = ANY(:kinds)
    """
)
_EMPTY = text("TRUNCATE counters, case_clocks, case_figures")
_REPLACE = text(
    """
    WITH counted AS MATERIALIZED (
        SELECT month, unit, code, sum(value) AS value, bit_or(crowd) AS crowd,
               array_remove(string_to_array(unit, '/'), '') AS path
        FROM counted_again GROUP BY month, unit, code
    )
    INSERT INTO counters (month, depth, unit, own, code, value, crowd)
    SELECT month, cardinality(string_to_array(unit, '/')), unit, true, code, value, crowd
    FROM counted
    UNION ALL
    SELECT month, depth, array_to_string(path[1 : depth], '/') AS above, false, code, sum(value),
           bit_or(crowd)
    FROM counted, generate_series(1, cardinality(path) - 1) AS depth
    GROUP BY month, depth, above, code
    ORDER BY 1, 2, 3, 4, 5
    """
)
_SET_CASES = text(
    """
    INSERT INTO case_clocks (case_id, root, opened_at, drill, acknowledged, contacted, bucket)
    SELECT * FROM unnest(
        CAST(:case_id AS uuid[]), CAST(:root AS text[]), CAST(:opened_at AS timestamptz[]),
        CAST(:drill AS boolean[]), CAST(:acknowledged AS integer[]),
        CAST(:contacted AS integer[]), CAST(:bucket AS smallint[]))
    """
)
_SET_FIGURES = text(
    """
    INSERT INTO case_figures (root, month, code, tenths, cases, crowd)
    SELECT root, month, code, tenths, cases, CAST(crowd AS bit(256)) FROM unnest(
        CAST(:root AS text[]), CAST(:month AS date[]), CAST(:code AS text[]),
        CAST(:tenths AS integer[]), CAST(:cases AS bigint[]), CAST(:crowd AS text[])
    ) AS new (root, month, code, tenths, cases, crowd)
    """
)


def rebuild(engine: Engine, progress: Progress = lambda _done, _total: None) -> int:
    """Count the whole ledger again; returns how many events it holds."""
    with engine.connect() as connection:
        total = _quiet_position(connection)
        counting = _Recount(connection)
        with _staged(connection):
            for after in range(0, total, STEP):
                counting.count(after, min(after + STEP, total))
                connection.commit()
                progress(min(after + STEP, total), total)
            end = counting.take_over(total)
            connection.commit()
        metrics.REBUILT.inc(end)
        progress(end, end)
        return end


@contextmanager
def _staged(connection: Connection) -> Iterator[None]:
    connection.execute(_UNSTAGE)
    connection.execute(_STAGE)
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(_UNSTAGE)
        connection.commit()


def _quiet_position(connection: Connection) -> int:
    """The last position at a moment when no reader is in the middle of a batch."""
    connection.execute(_LOCK, {"lock": REBUILD_LOCK})
    last = int(connection.execute(_LAST).scalar_one())
    connection.commit()
    return last


class _Recount:
    """New counters in a staging table, and new case clocks, which are few, in memory."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cases: dict[UUID, CaseClock] = {}

    def count(self, after: int, upto: int) -> None:
        """The events of a stretch of the ledger."""
        stretch = {"after": after, "upto": upto}
        self._connection.execute(_MEMORY)
        self._connection.execute(_GROUP, {**stretch, "kinds": list(COUNTED)})
        self._code()
        self._connection.execute(_KEEP)
        self._connection.execute(_FORGET)
        rows = self._connection.execute(_CASE_ROWS, {**stretch, "kinds": list(CASES)})
        self._cases = merged(self._cases, [_entry(row) for row in rows])

    def _code(self) -> None:
        """Ask the rules what each kind of event in the stretch counts for."""
        found = [
            (row.kind, msgspec.json.encode(row.facts).decode(), code, counts_people(code))
            for row in self._connection.execute(_KINDS)
            for code in codes_of(row.kind, row.facts)
        ]
        names = ("kind", "facts", "code", "people")
        columns = {name: [row[at] for row in found] for at, name in enumerate(names)}
        self._connection.execute(_CODE, columns)

    def take_over(self, after: int) -> int:
        """Count the rest and replace everything; returns the last position counted."""
        self._connection.execute(_LOCK, {"lock": REBUILD_LOCK})
        end = int(self._connection.execute(_LAST).scalar_one())
        self.count(after, end)
        self._connection.execute(_EMPTY)
        self._connection.execute(_REPLACE)
        self._replace_cases()
        return end

    def _replace_cases(self) -> None:
        clocks = [self._cases[case] for case in sorted(self._cases)]
        if clocks:
            self._connection.execute(_SET_CASES, case_columns(clocks))
        changes = case_changes([(CaseClock(each.case, each.root), each) for each in clocks])
        if changes:
            self._connection.execute(_SET_FIGURES, figure_columns(changes))


def _entry(row: Row[tuple[object, ...]]) -> Entry:
    return Entry(**row._mapping)
