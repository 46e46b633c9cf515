"""Slots in the database, and the rows that count each counsellor's day."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, INT8RANGE, ExcludeConstraint

from services.booking.availability.planning import PlannedSlot
from services.booking.availability.ports import Wanted
from services.booking.availability.slots import Slot, SlotState, Span, Terms
from services.booking.calendar import day_of
from services.booking.experts.domain import Counsellor
from services.booking.parties import PartyRepository, span
from services.booking.tables import metadata
from services.chassis.statements import fetch, postpone
from services.chassis.tables import moment
from services.contracts.booking import Mode
from services.contracts.envelope import wire_time

PLANNING_LOCK = 0x626F_6F6B

slots = Table(
    "slots",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("counsellor", ForeignKey("counsellors.id"), nullable=False),
    Column("site", ForeignKey("sites.id"), nullable=False),
    Column("room", ForeignKey("rooms.id")),
    moment("starts_at"),
    moment("ends_at"),
    Column("day", Date, nullable=False),
    Column("modes", ARRAY(Text), nullable=False),
    Column("state", Text, nullable=False),
    Column("held_by", Uuid),
    Column("orphaned", Boolean, nullable=False),
    Column("counsellor_span", INT8RANGE, nullable=False),
    Column("room_span", INT8RANGE),
    # What `GET slots` sends of it, but for the mode: a list is put together without decoding.
    Column("wire", Text, nullable=False),
    CheckConstraint("state IN ('open', 'held', 'taken', 'withdrawn')", name="state"),
    CheckConstraint("(state = 'held') = (held_by IS NOT NULL)", name="held_by"),
    ExcludeConstraint(
        ("counsellor_span", "&&"),
        name="ex_slots_counsellor",
        using="gist",
        where=text("state <> 'withdrawn'"),
    ),
    ExcludeConstraint(
        ("room_span", "&&"), name="ex_slots_room", using="gist", where=text("state <> 'withdrawn'")
    ),
    Index("ix_slots_open", "starts_at", "id", postgresql_where=text("state = 'open'")),
    Index("ix_slots_open_site", "site", "starts_at", "id", postgresql_where=text("state = 'open'")),
    Index("ix_slots_counsellor", "counsellor", "starts_at", "id"),
    Index("ix_slots_held_by", "held_by", postgresql_where=text("held_by IS NOT NULL")),
)

counsellor_days = Table(
    "counsellor_days",
    metadata,
    Column("counsellor", ForeignKey("counsellors.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("used", Integer, nullable=False),
    Column("load_limit", Integer, nullable=False),
    CheckConstraint("used >= 0", name="used"),
    Index(
        "ix_counsellor_days_full", "counsellor", "day", postgresql_where=text("used >= load_limit")
    ),
)

_COLUMNS = """
    s.id, s.counsellor, s.site, s.room, s.starts_at, s.ends_at, s.modes, s.state, s.held_by,
    s.orphaned, c.daily_limit, c.credential_expires_on, c.active
    FROM slots s JOIN counsellors c ON c.id = s.counsellor
"""
# FOR NO KEY UPDATE throughout: rows that merely refer to a slot need not wait.
_LOCK = f"SELECT {_COLUMNS} WHERE s.id = ANY(%(ids)s) ORDER BY s.id FOR NO KEY UPDATE OF s"
_LOCK_FUTURE = text(
    f"""
    SELECT {_COLUMNS}
    WHERE s.counsellor = :counsellor AND s.starts_at > :after AND s.state <> 'withdrawn'
    ORDER BY s.id FOR NO KEY UPDATE OF s
    """
)
_FIRST_OPEN = """
    SELECT {columns} JOIN sites t ON t.id = s.site
    WHERE s.state = 'open' AND s.starts_at > %(after)s AND s.starts_at < %(before)s
      AND c.active AND s.day <= c.credential_expires_on
      AND NOT EXISTS (
          SELECT 1 FROM counsellor_days d
          WHERE d.counsellor = s.counsellor AND d.day = s.day AND d.used >= d.load_limit)
      {near}
    ORDER BY s.starts_at, s.id LIMIT 1 FOR NO KEY UPDATE OF s {wait}
"""
_NEAR = "AND (t.unit = %(near)s OR starts_with(t.unit, %(near)s || '/'))"
_FIRST_OPEN_BY = {
    (near, wait): _FIRST_OPEN.format(
        columns=_COLUMNS, near=_NEAR if near else "", wait="" if wait else "SKIP LOCKED"
    )
    for near in (True, False)
    for wait in (True, False)
}
_BUSY_ROOMS = text(
    """
    SELECT room, starts_at, ends_at FROM slots
    WHERE site = ANY(:sites) AND room IS NOT NULL AND starts_at > :after
      AND state <> 'withdrawn'
    """
)
_SAVE = """
    UPDATE slots SET state = %(state)s, held_by = %(held_by)s, orphaned = %(orphaned)s
    WHERE id = %(id)s
"""
_USE = """
    INSERT INTO counsellor_days (counsellor, day, used, load_limit)
    VALUES (%(counsellor)s, %(day)s, 1, %(limit)s)
    ON CONFLICT (counsellor, day) DO UPDATE
    SET used = counsellor_days.used + 1, load_limit = EXCLUDED.load_limit
    WHERE counsellor_days.used < EXCLUDED.load_limit
    RETURNING used
"""
_FREE = text(
    "UPDATE counsellor_days SET used = used - 1 WHERE counsellor = :counsellor AND day = :day"
)
_LOCK_DAYS = text(
    """
    SELECT 1 FROM counsellor_days
    WHERE (counsellor = :counsellor AND day = :day)
       OR (counsellor = :other_counsellor AND day = :other_day)
    ORDER BY counsellor, day FOR NO KEY UPDATE
    """
)
_CHANGE_LIMIT = text(
    "UPDATE counsellor_days SET load_limit = :limit"
    " WHERE counsellor = :counsellor AND day >= :since"
)


class SlotRepository:
    """Slots, rows to domain and back; each method's promise stands in `ports.Slots`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def plan_alone(self) -> None:
        self._connection.execute(
            text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": PLANNING_LOCK}
        )

    def lock(self, wanted: Iterable[UUID]) -> dict[UUID, Slot]:
        rows = fetch(self._connection, _LOCK, {"ids": list(wanted)})
        return {row.id: _slot(row) for row in rows}

    def lock_future_of(self, counsellor: UUID, after: datetime) -> list[Slot]:
        found = self._connection.execute(_LOCK_FUTURE, {"counsellor": counsellor, "after": after})
        return [_slot(row) for row in found]

    def lock_first_open(self, wanted: Wanted, *, wait: bool = False) -> Slot | None:
        values = {"after": wanted.after, "before": wanted.before}
        rows: list[Any] = []
        if wanted.near is not None:
            near = {**values, "near": wanted.near}
            rows = fetch(self._connection, _FIRST_OPEN_BY[True, wait], near)
        rows = rows or fetch(self._connection, _FIRST_OPEN_BY[False, wait], values)
        return _slot(rows[0]) if rows else None

    def busy_rooms(self, sites: Iterable[UUID], after: datetime) -> dict[UUID, list[Span]]:
        values = {"sites": list(sites), "after": after}
        busy: dict[UUID, list[Span]] = {}
        for row in self._connection.execute(_BUSY_ROOMS, values):
            busy.setdefault(row.room, []).append(Span(row.starts_at, row.ends_at))
        return busy

    def add(self, counsellor: Counsellor, plans: Sequence[tuple[UUID, PlannedSlot]]) -> None:
        if not plans:
            return
        rooms = {plan.room for _, plan in plans if plan.room}
        numbers = PartyRepository(self._connection).numbers({counsellor.id, *rooms})
        rows = [_row(slot, plan, counsellor, numbers) for slot, plan in plans]
        self._connection.execute(slots.insert(), rows)

    def save(self, *changed: Slot) -> None:
        for slot in changed:
            values = {
                "id": slot.id,
                "state": slot.state.value,
                "held_by": slot.held_by,
                "orphaned": slot.orphaned,
            }
            postpone(self._connection, _SAVE, values)

    def shift_load(self, *, free: Slot | None = None, use: Slot | None = None) -> bool:
        if free is not None and use is not None:
            if _day(free) == _day(use):
                return True
            other = {f"other_{name}": value for name, value in _day(free).items()}
            self._connection.execute(_LOCK_DAYS, {**_day(use), **other})
        if use is not None and not self._use(use):
            return False
        if free is not None:
            self._connection.execute(_FREE, _day(free))
        return True

    def change_limit(self, counsellor: UUID, since: date, limit: int) -> None:
        values = {"counsellor": counsellor, "since": since, "limit": limit}
        self._connection.execute(_CHANGE_LIMIT, values)

    def _use(self, slot: Slot) -> bool:
        values = {**_day(slot), "limit": slot.terms.daily_limit}
        return bool(fetch(self._connection, _USE, values))


def _day(slot: Slot) -> dict[str, Any]:
    return {"counsellor": slot.counsellor, "day": slot.day}


def _slot(row: Any) -> Slot:
    return Slot(
        id=row.id,
        counsellor=row.counsellor,
        site=row.site,
        room=row.room,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        modes=tuple(Mode(mode) for mode in row.modes),
        terms=Terms(row.daily_limit, row.credential_expires_on, row.active),
        state=SlotState(row.state),
        held_by=row.held_by,
        orphaned=row.orphaned,
    )


def _row(
    slot: UUID, plan: PlannedSlot, counsellor: Counsellor, numbers: dict[UUID, int]
) -> dict[str, Any]:
    return {
        "id": slot,
        "counsellor": counsellor.id,
        "site": plan.site,
        "room": plan.room,
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
        "day": day_of(plan.starts_at),
        "modes": [mode.value for mode in plan.modes],
        "state": SlotState.OPEN.value,
        "orphaned": False,
        "counsellor_span": span(numbers[counsellor.id], plan.starts_at, plan.ends_at),
        "room_span": span(numbers[plan.room], plan.starts_at, plan.ends_at) if plan.room else None,
        "wire": wire_of(slot, plan, counsellor.id),
    }


def wire_of(slot: UUID, plan: PlannedSlot, counsellor: UUID) -> str:
    """The slot as a JSON object that still lacks its mode and closing brace."""
    modes = ",".join(f'"{mode.value}"' for mode in plan.modes)
    return (
        f'{{"id":"{slot}","starts_at":"{wire_time(plan.starts_at)}",'
        f'"ends_at":"{wire_time(plan.ends_at)}","site":"{plan.site}",'
        f'"counsellor":"{counsellor}","modes":[{modes}],"mode":"'
    )
