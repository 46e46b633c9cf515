"""The steps of a loop, from the ledger."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

_STEPS = text(
    """
    SELECT event_id, kind, at, causation_id, recorded_at FROM ledger
    WHERE correlation_id = :correlation_id ORDER BY at, position LIMIT :most
    """
)
MOST = 1_000


def steps_of(connection: Connection, correlation_id: str) -> Sequence[dict[str, Any]]:
    """What happened, when, by which service; no person, unit, or subject."""
    rows = connection.execute(_STEPS, {"correlation_id": correlation_id, "most": MOST})
    return [
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
