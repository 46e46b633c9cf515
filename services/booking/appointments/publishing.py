"""What the world hears of appointments."""

from typing import Any

from services.booking.appointments.domain import Appointment
from services.contracts.booking import (
    AppointmentBookedV1,
    AppointmentCancelledV1,
    AppointmentCheckedInV1,
    AppointmentCompletedV1,
    AppointmentNoShowV1,
    AppointmentRescheduledV1,
)


def booked(appointment: Appointment) -> AppointmentBookedV1:
    """A session is agreed."""
    return AppointmentBookedV1(**_fields(appointment), offer=appointment.offer)


def rescheduled(appointment: Appointment) -> AppointmentRescheduledV1:
    """It moved."""
    return AppointmentRescheduledV1(**_fields(appointment))


def cancelled(appointment: Appointment) -> AppointmentCancelledV1:
    """It will not take place."""
    return AppointmentCancelledV1(**_fields(appointment))


def checked_in(appointment: Appointment) -> AppointmentCheckedInV1:
    """The person arrived."""
    return AppointmentCheckedInV1(**_fields(appointment))


def completed(appointment: Appointment) -> AppointmentCompletedV1:
    """It took place."""
    return AppointmentCompletedV1(**_fields(appointment))


def no_show(appointment: Appointment) -> AppointmentNoShowV1:
    """The person did not come."""
    return AppointmentNoShowV1(**_fields(appointment))


def _fields(appointment: Appointment) -> dict[str, Any]:
    return {
        "appointment": appointment.id,
        "person": appointment.person,
        "counsellor": appointment.counsellor,
        "site": appointment.site,
        "starts_at": appointment.starts_at,
        "ends_at": appointment.ends_at,
        "mode": appointment.mode,
    }
