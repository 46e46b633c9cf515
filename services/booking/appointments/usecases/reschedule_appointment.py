"""Move a booked appointment to another slot; the old one is free for others."""

from dataclasses import dataclass
from uuid import UUID

from services.booking.appointments import publishing
from services.booking.appointments.domain import Appointment, OwnSlot, SameSlot
from services.booking.appointments.ports import AppointmentWork
from services.booking.appointments.usecases.finding import appointment_of
from services.booking.availability.slots import DailyLoadReached, Slot, SlotNotFound
from services.chassis.clock import Clock
from services.contracts.booking import Mode


@dataclass(frozen=True, kw_only=True)
class RescheduleAppointment:
    """One of the two sides moves it; the way of meeting stays unless a new one is named.

    `in_care`: they hold the counsellor's role.
    """

    appointment: UUID
    by: UUID
    slot: UUID
    mode: Mode | None = None
    in_care: bool = False


def reschedule_appointment(
    command: RescheduleAppointment, *, uow: AppointmentWork, clock: Clock
) -> Appointment:
    """Raises what booking and cancelling raise."""
    now = clock.now()
    with uow:
        appointment = appointment_of(command.by, command.appointment, uow, in_care=command.in_care)
        worker = uow.parties.lock(appointment.person)
        old, new = _slots(appointment, command.slot, uow)
        mode = command.mode or appointment.mode
        appointment.move_to(new, mode, now)
        new.take(mode, offer=None, now=now)
        old.release()
        if not uow.slots.shift_load(free=old, use=new):
            raise DailyLoadReached
        uow.slots.save(old, new)
        uow.appointments.move(appointment, worker)
        uow.follow(appointment.correlation_id)
        uow.publish(publishing.rescheduled(appointment), unit=appointment.unit)
        uow.commit()
    return appointment


def _slots(appointment: Appointment, wanted: UUID, uow: AppointmentWork) -> tuple[Slot, Slot]:
    if wanted == appointment.slot:
        raise SameSlot
    found = uow.slots.lock([appointment.slot, wanted])
    if wanted not in found:
        raise SlotNotFound
    if found[wanted].counsellor == appointment.person:
        raise OwnSlot
    return found[appointment.slot], found[wanted]
