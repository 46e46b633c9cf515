"""Finding an appointment on behalf of one of its two sides."""

from uuid import UUID

from services.booking.appointments.domain import Appointment, AppointmentNotFound
from services.booking.appointments.ports import AppointmentWork


def appointment_of(side: UUID, appointment: UUID, uow: AppointmentWork) -> Appointment:
    """The person's own appointment, or one in the counsellor's care; raises AppointmentNotFound."""
    found = uow.appointments.lock(appointment)
    if found is None or not found.belongs_to(side):
        raise AppointmentNotFound
    return found


def appointment_in_care(counsellor: UUID, appointment: UUID, uow: AppointmentWork) -> Appointment:
    """One in the counsellor's care; raises AppointmentNotFound."""
    found = uow.appointments.lock(appointment)
    if found is None or found.counsellor != counsellor:
        raise AppointmentNotFound
    return found
