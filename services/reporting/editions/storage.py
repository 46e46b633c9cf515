"""Editions, their figures, and the log of what was released."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from services.reporting.calendar import Month
from services.reporting.editions.domain import Edition
from services.reporting.figures.month import MonthCounts
from services.reporting.figures.queries import month_counts

EDITION_LOCK = 0x6564_6974

# A large census is worked on for a minute or more between reading and writing.
_LOCK = text(
    "SET LOCAL idle_in_transaction_session_timeout = '30min'; SELECT pg_advisory_xact_lock(:lock)"
)
_CLOSED = text("SELECT 1 FROM editions WHERE city = :city AND month = :month")
_PREVIOUS = text(
    "SELECT digest FROM editions WHERE city = :city ORDER BY closed_at DESC, month DESC LIMIT 1"
)
_ADD = text(
    """
    INSERT INTO editions (id, city, month, closed_at, closed_by, minimum, previous, digest)
    VALUES (:id, :city, :month, :closed_at, :closed_by, :minimum, :previous, :digest)
    """
)
_ADD_FIGURES = text(
    """
    INSERT INTO edition_figures (edition_id, unit, code, value, suppressed)
    SELECT :id, * FROM unnest(
        CAST(:units AS text[]), CAST(:codes AS text[]), CAST(:numbers AS float8[]),
        CAST(:hidden AS boolean[]))
    """
)
_LOG = text(
    """
    INSERT INTO releases (edition_id, channel, figures, digest)
    VALUES (:id, :channel, :figures, :digest)
    """
)
_OPEN = text(
    """
    SELECT city, month, last_counted_at FROM counted_months AS counted
    WHERE NOT EXISTS (SELECT 1 FROM editions
                      WHERE editions.city = counted.city AND editions.month = counted.month)
    ORDER BY city, month
    """
)


class EditionRepository:
    """Editions are added; nothing changes them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self) -> None:
        """One edition at a time."""
        self._connection.execute(_LOCK, {"lock": EDITION_LOCK})

    def is_closed(self, city: str, month: Month) -> bool:
        """Whether the month has its edition."""
        key = {"city": city, "month": month.first_day}
        return self._connection.execute(_CLOSED, key).first() is not None

    def last_digest(self, city: str) -> str:
        """The digest to chain to; empty for the first edition."""
        return self._connection.execute(_PREVIOUS, {"city": city}).scalar() or ""

    def counts(self, city: str, month: Month) -> MonthCounts:
        """All that was counted in the month."""
        return month_counts(self._connection, city, month)

    def crisis_counts(self, city: str, month: Month) -> MonthCounts:
        """The month's crisis histograms with the city's counters alone."""
        return month_counts(self._connection, city, month, depth=1)

    def add(self, edition: Edition) -> None:
        """Freeze it."""
        self._connection.execute(_ADD, _row(edition))
        if edition.figures:
            self._connection.execute(_ADD_FIGURES, _figures(edition))

    def log_release(self, edition: Edition, channel: str, figures: int) -> None:
        """Note that numbers left, by which way, and how many."""
        row = {"id": edition.id, "channel": channel, "figures": figures, "digest": edition.digest}
        self._connection.execute(_LOG, row)

    def open_months(self) -> list[tuple[str, Month, datetime]]:
        """City, month and last count of every counted month without an edition."""
        rows = self._connection.execute(_OPEN).all()
        return [(row.city, Month.starting(row.month), row.last_counted_at) for row in rows]


def _row(edition: Edition) -> dict[str, Any]:
    closed_by: UUID | None = edition.closed_by
    return {
        "id": edition.id,
        "city": edition.city,
        "month": edition.month.first_day,
        "closed_at": edition.closed_at,
        "closed_by": closed_by,
        "minimum": edition.minimum,
        "previous": edition.previous,
        "digest": edition.digest,
    }


def _figures(edition: Edition) -> dict[str, Any]:
    return {
        "id": edition.id,
        "units": [each.unit for each in edition.figures],
        "codes": [each.code for each in edition.figures],
        "numbers": [each.value for each in edition.figures],
        "hidden": [each.suppressed for each in edition.figures],
    }
