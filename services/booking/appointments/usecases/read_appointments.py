"""Read appointments; whom a counsellor read about can see that."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from services.booking.appointments.queries import list_appointments, one_appointment
from services.chassis.unit_of_work import UnitOfWork

READ = "appointment.read"


def read_appointments(
    reader: UUID, query: dict[str, Any], *, in_care: bool, uow: UnitOfWork
) -> dict[str, Any]:
    """A page of those the reader comes to, or (as a counsellor, `in_care`) gives."""
    with uow:
        found = list_appointments(uow.connection, reader, query, in_care=in_care)
        _note(uow, reader, found["items"])
        uow.commit()
    return found


def read_appointment(
    reader: UUID, appointment: UUID, *, in_care: bool, uow: UnitOfWork
) -> dict[str, Any]:
    """One of them; raises AppointmentNotFound."""
    with uow:
        found = one_appointment(uow.connection, reader, appointment, in_care=in_care)
        _note(uow, reader, [found])
        uow.commit()
    return found


def _note(uow: UnitOfWork, reader: UUID, items: Iterable[Mapping[str, Any]]) -> None:
    # Reading about oneself leaves no trace.
    for item in items:
        if item["person"] != reader:
            uow.audit(READ, item["id"], person=item["person"])
