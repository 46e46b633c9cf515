"""Editions as they are listed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from services.reporting.calendar import Month

_LIST = text(
    """
    SELECT editions.id, month, closed_at, minimum, previous, editions.digest,
           (SELECT coalesce(sum(figures), 0) FROM releases
            WHERE releases.edition_id = editions.id) AS released
    FROM editions
    WHERE city = :city AND (CAST(:before AS date) IS NULL OR month < CAST(:before AS date))
    ORDER BY month DESC LIMIT :most
    """
)


def list_editions(
    connection: Connection, city: str, before: str | None, limit: int
) -> Sequence[dict[str, Any]]:
    """The newest first, one more than `limit` where there are more."""
    values = {"city": city, "before": before, "most": limit + 1}
    rows = connection.execute(_LIST, values).mappings()
    return [{**row, "month": str(Month.starting(row["month"]))} for row in rows]
