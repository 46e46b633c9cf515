"""Appointments in the database, where nobody can be in two of them at once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from psycopg2 import errors as pg
from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Table,
    Text,
    Uuid,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import INT8RANGE, ExcludeConstraint
from sqlalchemy.exc import DBAPIError

from services.booking.appointments.domain import (
    Appointment,
    AppointmentState,
    RoomAlreadyTaken,
    WorkerAlreadyBooked,
)
from services.booking.availability.slot_storage import slots
from services.booking.availability.slots import SlotAlreadyTaken
from services.booking.parties import span as span_of
from services.booking.tables import metadata
from services.chassis.errors import Conflict
from services.chassis.statements import broken_rule, fetch
from services.chassis.tables import moment
from services.contracts.booking import Mode

_LIVE = text("state <> 'cancelled'")

appointments = Table(
    "appointments",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid, nullable=False),
    Column("unit", Text, nullable=False),
    Column("slot", ForeignKey("slots.id"), nullable=False),
    Column("counsellor", ForeignKey("counsellors.id"), nullable=False),
    Column("site", ForeignKey("sites.id"), nullable=False),
    Column("room", ForeignKey("rooms.id")),
    Column("mode", Text, nullable=False),
    moment("starts_at"),
    moment("ends_at"),
    Column("correlation_id", Text, nullable=False),
    moment("booked_at"),
    moment("changed_at"),
    Column("offer", ForeignKey("offers.id")),
    Column("state", Text, nullable=False),
    Column("counsellor_span", INT8RANGE, nullable=False),
    Column("room_span", INT8RANGE),
    Column("worker_span", INT8RANGE, nullable=False),
    CheckConstraint(
        "state IN ('booked', 'checked-in', 'completed', 'no-show', 'cancelled')", name="state"
    ),
    ExcludeConstraint(
        ("counsellor_span", "&&"), name="ex_appointments_counsellor", using="gist", where=_LIVE
    ),
    ExcludeConstraint(("room_span", "&&"), name="ex_appointments_room", using="gist", where=_LIVE),
    ExcludeConstraint(
        ("worker_span", "&&"), name="ex_appointments_worker", using="gist", where=_LIVE
    ),
    Index("uq_appointments_slot", "slot", unique=True, postgresql_where=_LIVE),
    Index("ix_appointments_person", "person", "starts_at", "id"),
    Index("ix_appointments_counsellor", "counsellor", "starts_at", "id"),
)

_REFUSALS: dict[str, type[Conflict]] = {
    "uq_appointments_slot": SlotAlreadyTaken,
    "ex_appointments_counsellor": SlotAlreadyTaken,
    "ex_appointments_room": RoomAlreadyTaken,
    "ex_appointments_worker": WorkerAlreadyBooked,
}
_SPANS = {"counsellor_span", "room_span", "worker_span"}


_ADD = """
    INSERT INTO appointments (id, person, unit, slot, counsellor, site, room, mode, starts_at,
                              ends_at, correlation_id, booked_at, changed_at, offer, state,
                              counsellor_span, room_span, worker_span)
    SELECT %(id)s, %(person)s, %(unit)s, %(slot)s, %(counsellor)s, %(site)s, %(room)s, %(mode)s,
           %(starts_at)s, %(ends_at)s, %(correlation_id)s, %(booked_at)s, %(changed_at)s,
           %(offer)s, %(state)s,
           s.counsellor_span, CASE WHEN s.room = %(room)s THEN s.room_span END,
           int8range(%(from_minute)s, %(to_minute)s)
    FROM slots s WHERE s.id = %(slot)s
"""


class AppointmentRepository:
    """Appointments, rows to domain and back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, appointment: UUID) -> Appointment | None:
        query = (
            select(appointments)
            .where(appointments.c.id == appointment)
            .with_for_update(key_share=True)
        )
        row = self._connection.execute(query).mappings().first()
        return _appointment(row) if row else None

    def add(self, appointment: Appointment, worker: int) -> None:
        span = span_of(worker, appointment.starts_at, appointment.ends_at)
        values = {
            **vars(appointment),
            "mode": appointment.mode.value,
            "state": appointment.state.value,
            "from_minute": span.lower,
            "to_minute": span.upper,
        }
        with _refusals():
            fetch(self._connection, _ADD, values)

    def save(self, appointment: Appointment) -> None:
        self._update(appointment, vars(appointment))

    def move(self, appointment: Appointment, worker: int) -> None:
        with _refusals():
            self._update(appointment, {**vars(appointment), **_spans(appointment, worker)})

    def _update(self, appointment: Appointment, values: dict[str, Any]) -> None:
        self._connection.execute(
            appointments.update().where(appointments.c.id == appointment.id).values(**values)
        )


def _spans(appointment: Appointment, worker: int) -> dict[str, Any]:
    """The worker's span is made here; counsellor and room have theirs from the slot."""
    of_slot = slots.c.id == appointment.slot
    room = select(slots.c.room_span).where(of_slot, slots.c.room == appointment.room)
    return {
        "counsellor_span": select(slots.c.counsellor_span).where(of_slot).scalar_subquery(),
        "room_span": room.scalar_subquery(),
        "worker_span": span_of(worker, appointment.starts_at, appointment.ends_at),
    }


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        refusal = _REFUSALS.get(broken_rule(error) or "")
        if refusal is not None:
            raise refusal from error
        if isinstance(error.orig, pg.DeadlockDetected):
            # Two transactions each saw the other's row in the same span: neither slot is free.
            raise SlotAlreadyTaken from error
        raise


def _appointment(row: Mapping[Any, Any]) -> Appointment:
    fields = {name: value for name, value in row.items() if name not in _SPANS}
    return Appointment(
        **{**fields, "state": AppointmentState(row["state"]), "mode": Mode(row["mode"])}
    )
