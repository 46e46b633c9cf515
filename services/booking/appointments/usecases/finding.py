"""Finding an appointment on behalf of one of its two sides."""

from uuid import UUID

from services.booking.appointments.domain import Appointment, AppointmentNotFound
from services.booking.appointments.ports import AppointmentWork


def appointment_of(
    side: UUID, appointment: UUID, uow: AppointmentWork, *, in_care: bool
) -> Appointment:
    """The person's own appointment, or with `in_care` one they give; raises AppointmentNotFound.

    Who was a counsellor once has no say any more over the sessions that stand in their name.
    """
    found = uow.appointments.lock(appointment)
    if found is None or not found.belongs_to(side, in_care=in_care):
        raise AppointmentNotFound
    return found


def appointment_in_care(counsellor: UUID, appointment: UUID, uow: AppointmentWork) -> Appointment:
    """One in the counsellor's care; raises AppointmentNotFound."""
    found = uow.appointments.lock(appointment)
    if found is None or found.counsellor != counsellor:
        raise AppointmentNotFound
    return found
