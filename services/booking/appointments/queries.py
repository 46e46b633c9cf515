"""Reading appointments, past the domain."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, or_, select, tuple_

from services.booking.appointments.domain import Appointment, AppointmentNotFound
from services.booking.appointments.storage import appointments
from services.chassis.paging import decode_cursor, page

SHOWN = (
    "id",
    "state",
    "person",
    "counsellor",
    "site",
    "room",
    "slot",
    "mode",
    "starts_at",
    "ends_at",
    "booked_at",
    "changed_at",
    "offer",
)


def list_appointments(
    connection: Connection, side: UUID, query: dict[str, Any], *, in_care: bool
) -> dict[str, Any]:
    """A page of the appointments this person comes to, or `in_care` gives, earliest first."""
    found = select(appointments).where(_of(side, in_care=in_care))
    if query["since"]:
        found = found.where(appointments.c.ends_at > query["since"])
    if query["until"]:
        found = found.where(appointments.c.starts_at < query["until"])
    if query["state"]:
        found = found.where(appointments.c.state == query["state"].value)
    if (after := decode_cursor(query["cursor"], (datetime, UUID))) is not None:
        found = found.where(tuple_(appointments.c.starts_at, appointments.c.id) > tuple_(*after))
    found = found.order_by(appointments.c.starts_at, appointments.c.id).limit(query["limit"] + 1)
    rows = connection.execute(found).mappings().all()
    items = [_shown(row) for row in rows]
    return page(rows, query["limit"], lambda row: (row["starts_at"], row["id"]), items)


def one_appointment(
    connection: Connection, side: UUID, appointment: UUID, *, in_care: bool
) -> dict[str, Any]:
    """One that this person comes to, or `in_care` gives; raises AppointmentNotFound."""
    mine = _of(side, in_care=in_care)
    found = select(appointments).where(appointments.c.id == appointment, mine)
    row = connection.execute(found).mappings().first()
    if row is None:
        raise AppointmentNotFound
    return _shown(row)


def shown(appointment: Appointment) -> dict[str, Any]:
    """The answer to a change."""
    return _shown(vars(appointment))


def _of(side: UUID, *, in_care: bool) -> Any:
    own = appointments.c.person == side
    return or_(own, appointments.c.counsellor == side) if in_care else own


def _shown(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: row[name] for name in SHOWN if row[name] is not None}
