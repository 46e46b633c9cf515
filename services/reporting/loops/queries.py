"""The steps of a loop, from the ledger."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

_STEPS = text(
    """
    SELECT event_id, kind, at, causation_id, recorded_at FROM ledger
    WHERE correlation_id = :correlation_id ORDER BY at, position LIMIT :most
    """
)
MOST = 1_000


COUNTED = "reporting.counted"
"""The name of reporting's own step, which is no event."""


def steps_of(connection: Connection, correlation_id: str) -> Sequence[dict[str, Any]]:
    """What happened, when, by which service; no person, unit, or subject.

    The last step is reporting's own: that the events before it are counted.
    """
    values = {"correlation_id": correlation_id, "most": MOST}
    rows = connection.execute(_STEPS, values).all()
    steps = [
        {
            "event": row.event_id,
            "type": row.kind,
            "service": row.kind.split(".", 1)[0],
            "at": row.at,
            "recorded_at": row.recorded_at,
            "caused_by": row.causation_id,
        }
        for row in rows
    ]
    return [*steps, _counted(max(rows, key=lambda row: row.recorded_at))] if rows else []


def _counted(last: Row[Any]) -> dict[str, Any]:
    return {
        "event": None,
        "type": COUNTED,
        "service": "reporting",
        "at": last.recorded_at,
        "recorded_at": last.recorded_at,
        "caused_by": str(last.event_id),
    }
