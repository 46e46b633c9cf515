"""Shifts and reported gaps in the database."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Index,
    Integer,
    Select,
    Table,
    Text,
    Uuid,
    delete,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from services.booking.rosters.domain import NoSuchShift, Shift
from services.booking.rosters.gaps import Gap
from services.booking.tables import metadata
from services.chassis.tables import moment

shifts = Table(
    "shifts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("officer", Uuid, nullable=False),
    Column("tier", Integer, nullable=False),
    Column("unit", Text, nullable=False),
    moment("starts_at"),
    moment("ends_at"),
    CheckConstraint("tier >= 1", name="tier"),
    CheckConstraint("starts_at < ends_at", name="order"),
    Index("ix_shifts_ends_at", "ends_at"),
    Index("ix_shifts_officer", "officer", "starts_at"),
)

roster_gaps = Table(
    "roster_gaps",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("tier", Integer, nullable=False),
    moment("starts_at"),
    moment("ends_at"),
    moment("filled_at", nullable=True),
    Index("ix_roster_gaps_open", "tier", postgresql_where=text("filled_at IS NULL")),
)

SHIFT_FIELDS = tuple(column.name for column in shifts.c)
GAP_FIELDS = ("id", "tier", "starts_at", "ends_at")

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


def lock_key(connection: Connection, key: str) -> None:
    """Hold this key until the transaction ends; there need not be a row for it."""
    connection.execute(_LOCK, {"key": key})


def shifts_between(starts_at: datetime, ends_at: datetime) -> Select[Any]:
    """Every shift that touches the stretch, by start."""
    touching = (shifts.c.ends_at > starts_at, shifts.c.starts_at < ends_at)
    return select(shifts).where(*touching).order_by(shifts.c.starts_at, shifts.c.id)


def shift_of(row: Mapping[Any, Any]) -> Shift:
    """A row as the domain knows it."""
    return Shift(**row)


class RosterRepository:
    """Shifts and gaps, rows to domain and back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, shift: UUID) -> Shift:
        """Locked until the transaction ends; raises NoSuchShift."""
        query = select(shifts).where(shifts.c.id == shift).with_for_update()
        row = self._connection.execute(query).mappings().first()
        if row is None:
            raise NoSuchShift
        return shift_of(row)

    def between(self, starts_at: datetime, ends_at: datetime) -> Sequence[Shift]:
        """Every shift that touches the stretch, by start."""
        rows = self._connection.execute(shifts_between(starts_at, ends_at)).mappings()
        return [shift_of(row) for row in rows]

    def lock_officer(self, officer: UUID) -> None:
        """Nobody else plans for this officer until the transaction ends."""
        lock_key(self._connection, f"roster:{officer}")

    def save(self, shift: Shift) -> None:
        """Add it, or replace the one of the same id."""
        values = {name: getattr(shift, name) for name in SHIFT_FIELDS}
        self._upsert(shifts, values)

    def remove(self, shift: UUID) -> None:
        """Take it off the roster."""
        self._connection.execute(delete(shifts).where(shifts.c.id == shift))

    def open_gaps(self) -> Sequence[Gap]:
        """Every reported gap that is not filled."""
        query = select(*(roster_gaps.c[name] for name in GAP_FIELDS)).where(
            roster_gaps.c.filled_at.is_(None)
        )
        return [Gap(**row) for row in self._connection.execute(query).mappings()]

    def save_gap(self, gap: Gap) -> None:
        """Add it, or replace the one of the same id."""
        values = {name: getattr(gap, name) for name in GAP_FIELDS}
        self._upsert(roster_gaps, values)

    def fill_gap(self, gap: UUID, at: datetime) -> None:
        """It is over."""
        query = update(roster_gaps).where(roster_gaps.c.id == gap).values(filled_at=at)
        self._connection.execute(query)

    def _upsert(self, table: Table, values: dict[str, Any]) -> None:
        query = insert(table).values(values)
        self._connection.execute(
            query.on_conflict_do_update(index_elements=[table.c.id], set_=values)
        )
