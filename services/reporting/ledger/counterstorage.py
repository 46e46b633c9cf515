"""The counters' rows: bulk upserts that add, unite and merge, so that order cannot matter."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from services.reporting.calendar import Month
from services.reporting.counting.cases import CaseClock, CaseFigure, merged
from services.reporting.counting.crowd import as_bits, crowd_of
from services.reporting.counting.entry import Entry
from services.reporting.counting.tally import CounterKey, Tally
from services.reporting.suppression.tree import Count
from services.reporting.units import depth_of

REBUILD_LOCK = 0x7265_706F

_SHARE = text("SELECT pg_advisory_xact_lock_shared(:lock)")
_ADD = text(
    """
    INSERT INTO counters AS known (month, depth, unit, own, code, value, crowd)
    SELECT month, depth, unit, own, code, value, CAST(crowd AS bit(256)) FROM unnest(
        CAST(:month AS date[]), CAST(:depth AS smallint[]), CAST(:unit AS text[]),
        CAST(:own AS boolean[]), CAST(:code AS text[]), CAST(:value AS bigint[]),
        CAST(:crowd AS text[])
    ) AS new (month, depth, unit, own, code, value, crowd)
    ON CONFLICT (month, depth, unit, own, code) DO UPDATE
    SET value = known.value + EXCLUDED.value, crowd = known.crowd | EXCLUDED.crowd
    """
)
_PLANT_CASES = text(
    """
    INSERT INTO case_clocks (case_id, root)
    SELECT * FROM unnest(CAST(:cases AS uuid[]), CAST(:roots AS text[])) ON CONFLICT DO NOTHING
    """
)
_LOCK_CASES = text(
    """
    SELECT case_id, root, opened_at, drill, acknowledged, contacted, bucket FROM case_clocks
    WHERE case_id = ANY(CAST(:cases AS uuid[])) ORDER BY case_id FOR UPDATE
    """
)
_SET_CASES = text(
    """
    UPDATE case_clocks AS known
    SET root = new.root, opened_at = new.opened_at, drill = new.drill,
        acknowledged = new.acknowledged, contacted = new.contacted, bucket = new.bucket
    FROM unnest(
        CAST(:case_id AS uuid[]), CAST(:root AS text[]), CAST(:opened_at AS timestamptz[]),
        CAST(:drill AS boolean[]), CAST(:acknowledged AS integer[]),
        CAST(:contacted AS integer[]), CAST(:bucket AS smallint[])
    ) AS new (case_id, root, opened_at, drill, acknowledged, contacted, bucket)
    WHERE known.case_id = new.case_id
    """
)
_ADD_FIGURES = text(
    """
    INSERT INTO case_figures AS known (root, month, code, tenths, cases, crowd)
    SELECT root, month, code, tenths, cases, CAST(crowd AS bit(256)) FROM unnest(
        CAST(:root AS text[]), CAST(:month AS date[]), CAST(:code AS text[]),
        CAST(:tenths AS integer[]), CAST(:cases AS bigint[]), CAST(:crowd AS text[])
    ) AS new (root, month, code, tenths, cases, crowd)
    ON CONFLICT (root, month, code, tenths) DO UPDATE
    SET cases = known.cases + EXCLUDED.cases, crowd = known.crowd | EXCLUDED.crowd
    """
)
_NOTE = text(
    """
    INSERT INTO counted_months AS known (city, month, events, last_counted_at)
    SELECT city, month, events, :now FROM unnest(
        CAST(:city AS text[]), CAST(:month AS date[]), CAST(:events AS bigint[])
    ) AS new (city, month, events)
    ON CONFLICT (city, month) DO UPDATE
    SET events = known.events + EXCLUDED.events,
        last_counted_at = greatest(known.last_counted_at, EXCLUDED.last_counted_at)
    RETURNING city, month,
        EXISTS (SELECT 1 FROM editions
                WHERE editions.city = known.city AND editions.month = known.month) AS closed
    """
)


class CounterRepository:
    """Adds to the counters; reading them is the queries' business."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold_still(self) -> None:
        """Wait for a rebuild to end, and keep the next one waiting for this transaction."""
        self._connection.execute(_SHARE, {"lock": REBUILD_LOCK})

    def add(self, tally: Tally) -> None:
        """Change the counters."""
        rows = tally.rows()
        if rows:
            self._connection.execute(_ADD, counter_columns(rows))

    def merge_cases(self, entries: Sequence[Entry]) -> None:
        """Change what is known of crisis cases, and the histograms with it."""
        news = merged({}, list(entries))
        if not news:
            return
        cases = sorted(news)
        plant = {"cases": [str(each) for each in cases], "roots": [news[c].root for c in cases]}
        self._connection.execute(_PLANT_CASES, plant)
        known = self._locked(plant["cases"])
        after = {case: known[case].merge(news[case]) for case in cases}
        self._connection.execute(_SET_CASES, case_columns([after[case] for case in cases]))
        changes = case_changes([(known[case], after[case]) for case in cases])
        if changes:
            self._connection.execute(_ADD_FIGURES, figure_columns(changes))

    def note_months(self, events: Mapping[tuple[str, Month], int], now: datetime) -> int:
        """Note that months were counted in; returns how many events came for closed ones."""
        rows = sorted(events.items())
        if not rows:
            return 0
        columns = {
            "city": [city for (city, _), _ in rows],
            "month": [month.first_day for (_, month), _ in rows],
            "events": [number for _, number in rows],
            "now": now,
        }
        found = self._connection.execute(_NOTE, columns).all()
        return sum(events[row.city, Month.starting(row.month)] for row in found if row.closed)

    def _locked(self, cases: list[str]) -> dict[UUID, CaseClock]:
        rows = self._connection.execute(_LOCK_CASES, {"cases": cases}).all()
        return {row.case_id: CaseClock(*row) for row in rows}


def counter_columns(rows: Sequence[tuple[CounterKey, Count]]) -> dict[str, list[object]]:
    """Counter changes as one array a column."""
    return {
        "month": [key.month.first_day for key, _ in rows],
        "depth": [depth_of(key.unit) for key, _ in rows],
        "unit": [key.unit for key, _ in rows],
        "own": [key.own for key, _ in rows],
        "code": [key.code for key, _ in rows],
        "value": [count.value for _, count in rows],
        "crowd": [None if count.crowd is None else as_bits(count.crowd) for _, count in rows],
    }


def case_changes(clocks: Sequence[tuple[CaseClock, CaseClock]]) -> dict[CaseFigure, Count]:
    """What the histograms gain and lose by clocks going from one state to another."""
    changes: dict[CaseFigure, Count] = {}
    for before, after in clocks:
        crowd = 0 if after.bucket is None else crowd_of(after.bucket)
        gained = after.figures()
        gained.subtract(before.figures())
        for figure, cases in gained.items():
            count = Count(cases, crowd if cases > 0 else 0)
            if cases:
                changes[figure] = changes.get(figure, Count(0, 0)) + count
    return changes


def figure_columns(changes: Mapping[CaseFigure, Count]) -> dict[str, list[object]]:
    """Histogram changes as one array a column."""
    rows = sorted(changes.items())
    return {
        "root": [figure.root for figure, _ in rows],
        "month": [figure.month.first_day for figure, _ in rows],
        "code": [figure.code for figure, _ in rows],
        "tenths": [figure.tenths for figure, _ in rows],
        "cases": [count.value for _, count in rows],
        "crowd": [as_bits(count.crowd or 0) for _, count in rows],
    }


def case_columns(clocks: Sequence[CaseClock]) -> dict[str, list[object]]:
    """Clocks as one array a column."""
    return {
        "case_id": [str(each.case) for each in clocks],
        "root": [each.root for each in clocks],
        "opened_at": [each.opened_at for each in clocks],
        "drill": [each.drill for each in clocks],
        "acknowledged": [each.acknowledged for each in clocks],
        "contacted": [each.contacted for each in clocks],
        "bucket": [each.bucket for each in clocks],
    }
