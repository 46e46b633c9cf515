"""Cancel an appointment; its slot is free for others."""

from dataclasses import dataclass
from uuid import UUID

from services.booking.appointments import publishing
from services.booking.appointments.domain import Appointment
from services.booking.appointments.ports import AppointmentWork
from services.booking.appointments.usecases.finding import appointment_of
from services.chassis.clock import Clock


@dataclass(frozen=True, kw_only=True)
class CancelAppointment:
    """One of the two sides cancels; `in_care`: they hold the counsellor's role."""

    appointment: UUID
    by: UUID
    in_care: bool = False


def cancel_appointment(
    command: CancelAppointment, *, uow: AppointmentWork, clock: Clock
) -> Appointment:
    """Raises AppointmentNotFound, AppointmentAlreadyStarted and the refusals of its state."""
    with uow:
        appointment = appointment_of(command.by, command.appointment, uow, in_care=command.in_care)
        appointment.cancel(clock.now())
        slot = uow.slots.lock([appointment.slot])[appointment.slot]
        slot.release()
        uow.slots.shift_load(free=slot)
        uow.slots.save(slot)
        uow.appointments.save(appointment)
        uow.follow(appointment.correlation_id)
        uow.publish(publishing.cancelled(appointment), unit=appointment.unit)
        uow.commit()
    return appointment
