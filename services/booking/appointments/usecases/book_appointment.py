"""Book a slot; an open offer is accepted with it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.booking.appointments import publishing
from services.booking.appointments.domain import Appointment, appointment_in
from services.booking.appointments.ports import AppointmentWork
from services.booking.availability.slots import DailyLoadReached, Slot, SlotNotFound
from services.booking.offers import publishing as offer_publishing
from services.booking.offers.domain import Offer, OfferNotFound
from services.chassis.clock import Clock
from services.contracts.booking import Mode


@dataclass(frozen=True, kw_only=True)
class BookAppointment:
    """A person books a slot, perhaps naming their offer."""

    appointment: UUID
    person: UUID
    unit: str
    slot: UUID
    mode: Mode
    offer: UUID | None = None


def book_appointment(
    command: BookAppointment, *, uow: AppointmentWork, clock: Clock
) -> Appointment:
    """Raises SlotAlreadyTaken, DailyLoadReached, WorkerAlreadyBooked and the like.

    Locks are taken in one order everywhere: person, offer, slots by id, the counsellor's day.
    """
    now = clock.now()
    with uow:
        worker = uow.parties.lock(command.person)
        offer = _answerable_offer(command, uow, now)
        slot, let_go = _slots(command.slot, offer, uow)
        free_before = slot.is_open
        slot.take(command.mode, offer=offer.id if offer else None, now=now)
        if let_go is not None:
            let_go.release()
        if not uow.slots.shift_load(free=let_go, use=slot if free_before else None):
            raise DailyLoadReached
        uow.slots.save(slot, *([let_go] if let_go else []))
        if offer is not None:
            uow.follow(offer.correlation_id)
        appointment = appointment_in(
            slot,
            appointment=command.appointment,
            person=command.person,
            unit=command.unit,
            mode=command.mode,
            offer=offer.id if offer else None,
            correlation_id=uow.correlation_id,
            now=now,
        )
        uow.appointments.add(appointment, worker)
        if offer is not None:
            _accept(offer, appointment, uow=uow, now=now)
        uow.publish(publishing.booked(appointment), unit=appointment.unit)
        uow.commit()
    return appointment


def _answerable_offer(
    command: BookAppointment, uow: AppointmentWork, now: datetime
) -> Offer | None:
    if command.offer is None:
        offer = uow.offers.lock_open_of(command.person)
        return offer if offer and offer.is_open(now) else None
    offer = uow.offers.lock(command.offer)
    if offer is None or offer.person != command.person:
        raise OfferNotFound
    offer.must_be_open(now)
    return offer


def _slots(wanted: UUID, offer: Offer | None, uow: AppointmentWork) -> tuple[Slot, Slot | None]:
    kept = offer.slot if offer else None
    found = uow.slots.lock({wanted} | ({kept} if kept else set()))
    if wanted not in found:
        raise SlotNotFound
    other = found.get(kept) if kept and kept != wanted else None
    still_kept = other is not None and offer is not None and other.held_by == offer.id
    return found[wanted], other if still_kept else None


def _accept(offer: Offer, appointment: Appointment, *, uow: AppointmentWork, now: datetime) -> None:
    offer.accept(appointment.id, now)
    uow.offers.save(offer)
    uow.publish(offer_publishing.accepted(offer, appointment.id), unit=offer.unit)
