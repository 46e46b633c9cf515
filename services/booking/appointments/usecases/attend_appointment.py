"""What becomes of an appointment on its day: check-in, completion, no-show."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from services.booking.appointments import publishing
from services.booking.appointments.domain import Appointment
from services.booking.appointments.ports import AppointmentWork
from services.booking.appointments.usecases.finding import appointment_in_care, appointment_of
from services.chassis.clock import Clock
from services.contracts.event import IntegrationEvent


@dataclass(frozen=True, kw_only=True)
class AttendAppointment:
    """One of the two sides says what happened; `in_care`: they hold the counsellor's role."""

    appointment: UUID
    by: UUID
    in_care: bool = False


def check_in(command: AttendAppointment, *, uow: AppointmentWork, clock: Clock) -> Appointment:
    """The person has come; either side may say so."""
    with uow:
        appointment = appointment_of(command.by, command.appointment, uow, in_care=command.in_care)
        appointment.check_in(clock.now())
        return _keep(appointment, publishing.checked_in, uow)


def complete(command: AttendAppointment, *, uow: AppointmentWork, clock: Clock) -> Appointment:
    """The session took place; the counsellor says so."""
    with uow:
        appointment = appointment_in_care(command.by, command.appointment, uow)
        appointment.complete(clock.now())
        return _keep(appointment, publishing.completed, uow)


def mark_no_show(command: AttendAppointment, *, uow: AppointmentWork, clock: Clock) -> Appointment:
    """The person did not come; the counsellor says so."""
    with uow:
        appointment = appointment_in_care(command.by, command.appointment, uow)
        appointment.mark_no_show(clock.now())
        return _keep(appointment, publishing.no_show, uow)


def _keep(
    appointment: Appointment,
    event: Callable[[Appointment], IntegrationEvent],
    uow: AppointmentWork,
) -> Appointment:
    uow.appointments.save(appointment)
    uow.follow(appointment.correlation_id)
    uow.publish(event(appointment), unit=appointment.unit)
    uow.commit()
    return appointment
