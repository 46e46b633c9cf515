"""A month's counters and histograms as the suppression takes them."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from services.reporting.calendar import Month
from services.reporting.counting.crowd import from_bits
from services.reporting.figures.month import MonthCounts
from services.reporting.suppression.release import EVERYTHING
from services.reporting.suppression.table import Key
from services.reporting.suppression.tree import Count, Counts
from services.reporting.units import within

_COUNTERS = text(
    """
    SELECT unit, own, code, value, crowd FROM counters
    WHERE month = :month AND depth <= :depth
    """
)
_HISTOGRAMS = text(
    "SELECT code, tenths, cases, crowd FROM case_figures"
    " WHERE root = :city AND month = :month AND cases > 0"
)


def month_counts(
    connection: Connection, city: str, month: Month, depth: int = EVERYTHING
) -> MonthCounts:
    """All that was counted in a city's month, down to a depth of its tree."""
    subtree: dict[Key, Count] = {}
    own: dict[Key, Count] = {}
    values = {"month": month.first_day, "depth": depth}
    for row in connection.execute(_COUNTERS, values):
        if within(row.unit, city):
            key, count = (row.unit, row.code), Count(row.value, _crowd(row.crowd))
            subtree[key] = subtree[key] + count if key in subtree else count
            if row.own:
                own[key] = count
    return MonthCounts(city, Counts(subtree, own), _histograms(connection, city, month.first_day))


def _histograms(connection: Connection, city: str, month: date) -> dict[str, dict[int, Count]]:
    found: dict[str, dict[int, Count]] = {}
    for row in connection.execute(_HISTOGRAMS, {"city": city, "month": month}):
        found.setdefault(row.code, {})[row.tenths] = Count(row.cases, from_bits(row.crowd))
    return found


def _crowd(bits: Any) -> int | None:
    return None if bits is None else from_bits(bits)
