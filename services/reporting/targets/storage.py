"""Targets as rows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from services.reporting.targets.domain import Target

_READ = text("SELECT unit, year, code, value FROM targets WHERE unit = :unit AND year = :year")
_SET = text(
    """
    INSERT INTO targets (unit, year, code, value, set_by, set_at)
    VALUES (:unit, :year, :code, :value, :by, :now)
    ON CONFLICT (unit, year, code) DO UPDATE
    SET value = EXCLUDED.value, set_by = EXCLUDED.set_by, set_at = EXCLUDED.set_at
    """
)
_END = text("DELETE FROM targets WHERE unit = :unit AND year = :year AND code = :code")


def read_targets(connection: Connection, unit: str, year: int) -> dict[str, Target]:
    """A unit's targets of a year, by code."""
    rows = connection.execute(_READ, {"unit": unit, "year": year})
    return {row.code: Target(row.unit, row.year, row.code, row.value) for row in rows}


class TargetRepository:
    """The table of targets."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, unit: str, year: int) -> dict[str, Target]:
        """A unit's targets of a year, by code."""
        return read_targets(self._connection, unit, year)

    def set(self, target: Target, by: UUID, now: datetime) -> None:
        """Set or change it."""
        row = {
            "unit": target.unit,
            "year": target.year,
            "code": target.code,
            "value": target.value,
            "by": by,
            "now": now,
        }
        self._connection.execute(_SET, row)

    def end(self, unit: str, year: int, code: str) -> None:
        """Take it away; nothing happens where there is none."""
        self._connection.execute(_END, {"unit": unit, "year": year, "code": code})
