"""The ledger's rows, hundreds in one statement."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import Connection, text

from services.reporting.counting.entry import Entry

_APPEND = text(
    """
    INSERT INTO ledger (event_id, kind, at, month, unit, correlation_id, causation_id,
                        subject, sequence, person, bucket, facts)
    SELECT event_id, kind, at, month, unit, correlation_id, causation_id,
           subject, sequence, person, bucket, CAST(facts AS jsonb)
    FROM unnest(
        CAST(:event_id AS uuid[]), CAST(:kind AS text[]), CAST(:at AS timestamptz[]),
        CAST(:month AS date[]), CAST(:unit AS text[]), CAST(:correlation_id AS text[]),
        CAST(:causation_id AS text[]), CAST(:subject AS text[]), CAST(:sequence AS bigint[]),
        CAST(:person AS uuid[]), CAST(:bucket AS smallint[]), CAST(:facts AS text[])
    ) AS new (event_id, kind, at, month, unit, correlation_id, causation_id,
              subject, sequence, person, bucket, facts)
    ON CONFLICT (event_id) DO NOTHING RETURNING event_id
    """
)
_FORGET = text("UPDATE ledger SET person = NULL WHERE person = ANY(CAST(:people AS uuid[]))")


class LedgerRepository:
    """Appends; a database trigger refuses everything else but forgetting a person."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, entries: Sequence[Entry]) -> list[Entry]:
        """Add the entries; returns those that were not there before."""
        if not entries:
            return []
        once = list({entry.event_id: entry for entry in entries}.values())
        fresh: set[UUID] = set(self._connection.execute(_APPEND, _columns(once)).scalars())
        return [entry for entry in once if entry.event_id in fresh]

    def forget(self, people: Sequence[UUID]) -> None:
        """Take these pseudonyms out; what was counted stays counted."""
        if people:
            self._connection.execute(_FORGET, {"people": [str(person) for person in people]})


def _columns(entries: Sequence[Entry]) -> dict[str, list[object]]:
    return {
        "event_id": [str(each.event_id) for each in entries],
        "kind": [each.kind for each in entries],
        "at": [each.at for each in entries],
        "month": [each.month.first_day for each in entries],
        "unit": [each.unit for each in entries],
        "correlation_id": [each.correlation_id for each in entries],
        "causation_id": [each.causation_id for each in entries],
        "subject": [each.subject for each in entries],
        "sequence": [each.sequence for each in entries],
        "person": [each.person and str(each.person) for each in entries],
        "bucket": [each.bucket for each in entries],
        "facts": [msgspec.json.encode(each.facts).decode() for each in entries],
    }
