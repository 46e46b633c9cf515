"""Numbers for counsellors, rooms and workers, and the spans of time they are occupied.

A span is an int8range: the party's number in the high bits, minutes since 1970 in the low ones.
Two spans overlap only where the same party would be in two places at once, so an exclusion
constraint on the span alone does what `btree_gist` would be needed for otherwise.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import Range, insert

from services.booking.tables import parties
from services.chassis.statements import fetch

MINUTE_BITS = 27
SECONDS = 60

_LOCK = """
    WITH known AS (SELECT no FROM parties WHERE id = %(id)s FOR NO KEY UPDATE),
         new AS (
             INSERT INTO parties (id) SELECT %(id)s WHERE NOT EXISTS (SELECT 1 FROM known)
             ON CONFLICT DO NOTHING RETURNING no
         )
    SELECT no FROM known UNION ALL SELECT no FROM new
"""


def span(number: int, starts_at: datetime, ends_at: datetime) -> Range[int]:
    """The minutes of one party, from the one that `starts_at` lies in to the last begun one."""
    first = int(starts_at.timestamp()) // SECONDS
    last = -(-int(ends_at.timestamp()) // SECONDS)
    base = number << MINUTE_BITS
    return Range(base + first, base + last)


class PartyRepository:
    """The numbers in the database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, party: UUID) -> int:
        """The party's number; until the end of the transaction nobody else holds it."""
        while not (found := fetch(self._connection, _LOCK, {"id": party})):
            pass  # somebody else numbered it just now: the next look finds it
        return int(found[0].no)

    def numbers(self, ids: Iterable[UUID]) -> dict[UUID, int]:
        """The numbers of these parties; each gets one at its first mention."""
        wanted = set(ids)
        found = self._find(wanted)
        if missing := wanted - found.keys():
            self._number(sorted(missing))
            found = self._find(wanted)
        return found

    def _find(self, wanted: set[UUID]) -> dict[UUID, int]:
        rows = self._connection.execute(select(parties).where(parties.c.id.in_(wanted)))
        return {row.id: row.no for row in rows}

    def _number(self, ids: list[UUID]) -> None:
        rows = [{"id": each} for each in ids]
        self._connection.execute(insert(parties).on_conflict_do_nothing(), rows)
