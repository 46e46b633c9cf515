"""Booking, moving, cancelling and attending appointments."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.booking.appointments import usecases
from services.booking.appointments.domain import (
    AppointmentAlreadyStarted,
    AppointmentNotFound,
    OwnSlot,
    SameSlot,
    WorkerAlreadyBooked,
)
from services.booking.availability.slots import (
    DailyLoadReached,
    SlotAlreadyTaken,
    SlotNotFound,
    SlotState,
)
from services.booking.offers.domain import (
    OfferAlreadyAccepted,
    OfferExpired,
    OfferNotFound,
    OfferState,
)
from services.chassis.clock import FixedClock
from services.contracts.booking import (
    AppointmentBookedV1,
    AppointmentCancelledV1,
    AppointmentRescheduledV1,
    Mode,
    OfferAcceptedV1,
)
from tests.unit.booking.builders import HOUR, NINE, NOW, a_slot, an_offer
from tests.unit.booking.fakes import FakeWork


@pytest.fixture
def uow():
    return FakeWork()


@pytest.fixture
def clock():
    return FixedClock(NOW)


def open_slot(uow, **said):
    slot = a_slot(**said)
    uow.slots.save(slot)
    return slot


def offered(uow, slot=None, **said):
    offer = an_offer(**said)
    if slot is not None:
        uow.slots.shift_load(use=slot)
        slot.hold(offer.id)
        offer.slot = slot.id
    uow.offers.save(offer)
    return offer


def book(uow, clock, slot, **said):
    fields = {"appointment": uuid4(), "person": uuid4(), "unit": "wh/hc/e1", "slot": slot.id}
    command = usecases.BookAppointment(**{**fields, "mode": Mode.VIDEO, **said})
    return usecases.book_appointment(command, uow=uow, clock=clock)


def test_a_booked_slot_is_taken_and_told_to_the_world(uow, clock):
    slot = open_slot(uow)

    appointment = book(uow, clock, slot)

    assert slot.state is SlotState.TAKEN
    assert uow.slots.used[slot.counsellor, slot.day] == 1
    assert [type(event) for event in uow.published] == [AppointmentBookedV1]
    assert uow.published[0].appointment == appointment.id
    assert appointment.correlation_id == "loop-of-the-request"


def test_a_slot_is_booked_once(uow, clock):
    slot = open_slot(uow)
    book(uow, clock, slot)

    with pytest.raises(SlotAlreadyTaken):
        book(uow, clock, slot)


def test_an_unknown_slot_is_not_found(uow, clock):
    with pytest.raises(SlotNotFound):
        book(uow, clock, a_slot())


def test_a_full_day_refuses_the_next_booking(uow, clock):
    slot = open_slot(uow)
    uow.slots.used[slot.counsellor, slot.day] = slot.terms.daily_limit

    with pytest.raises(DailyLoadReached):
        book(uow, clock, slot)


def test_a_worker_is_in_one_place_at_a_time(uow, clock):
    worker = uuid4()
    book(uow, clock, open_slot(uow), person=worker)

    with pytest.raises(WorkerAlreadyBooked):
        book(uow, clock, open_slot(uow), person=worker)


def test_counsellors_do_not_book_themselves(uow, clock):
    slot = open_slot(uow)

    with pytest.raises(OwnSlot):
        book(uow, clock, slot, person=slot.counsellor)


def test_booking_the_held_slot_accepts_the_offer_and_joins_its_loop(uow, clock):
    slot = open_slot(uow)
    offer = offered(uow, slot)

    appointment = book(uow, clock, slot, person=offer.person, offer=offer.id)

    assert (offer.state, offer.appointment) == (OfferState.ACCEPTED, appointment.id)
    accepted = OfferAcceptedV1(offer=offer.id, person=offer.person, appointment=appointment.id)
    assert accepted in uow.published
    assert set(uow.loops) == {"loop-of-the-offer"}
    assert uow.slots.used[slot.counsellor, slot.day] == 1


def test_booking_another_slot_frees_the_held_one(uow, clock):
    held, wanted = open_slot(uow), open_slot(uow, starts_at=NINE + HOUR)
    offer = offered(uow, held)

    book(uow, clock, wanted, person=offer.person, offer=offer.id)

    assert (held.state, wanted.state) == (SlotState.OPEN, SlotState.TAKEN)
    assert uow.slots.used[held.counsellor, held.day] == 0


def test_an_open_offer_is_accepted_even_when_it_is_not_named(uow, clock):
    slot = open_slot(uow)
    offer = offered(uow, slot)

    appointment = book(uow, clock, slot, person=offer.person)

    assert appointment.offer == offer.id
    assert offer.state is OfferState.ACCEPTED


def test_an_expired_offer_cannot_be_named_but_does_not_stop_a_booking(uow, clock):
    slot = open_slot(uow)
    offer = offered(uow, expires_at=NOW)

    with pytest.raises(OfferExpired):
        book(uow, clock, slot, person=offer.person, offer=offer.id)

    assert book(uow, clock, slot, person=offer.person).offer is None


def test_an_offer_is_used_once(uow, clock):
    offer = offered(uow, state=OfferState.ACCEPTED)

    with pytest.raises(OfferAlreadyAccepted):
        book(uow, clock, open_slot(uow), person=offer.person, offer=offer.id)


def test_an_offer_of_somebody_else_is_not_found(uow, clock):
    offer = offered(uow)

    with pytest.raises(OfferNotFound):
        book(uow, clock, open_slot(uow), offer=offer.id)


def test_a_slot_held_for_somebody_else_is_taken(uow, clock):
    slot = open_slot(uow)
    offered(uow, slot)

    with pytest.raises(SlotAlreadyTaken):
        book(uow, clock, slot)


@pytest.mark.parametrize("mode", [Mode.IN_PERSON, Mode.VIDEO])
def test_a_room_is_occupied_only_by_a_meeting_in_person(uow, clock, mode):
    slot = open_slot(uow, room=uuid4())

    appointment = book(uow, clock, slot, mode=mode)

    assert appointment.room == (slot.room if mode is Mode.IN_PERSON else None)


@pytest.mark.parametrize("side", ["person", "counsellor"])
def test_either_side_cancels_and_the_slot_is_free_again(uow, clock, side):
    slot = open_slot(uow)
    appointment = book(uow, clock, slot)
    command = usecases.CancelAppointment(
        appointment=appointment.id, by=getattr(appointment, side), in_care=side == "counsellor"
    )

    usecases.cancel_appointment(command, uow=uow, clock=clock)

    assert slot.state is SlotState.OPEN
    assert uow.slots.used[slot.counsellor, slot.day] == 0
    assert isinstance(uow.published[-1], AppointmentCancelledV1)


def test_an_appointment_of_others_is_not_found(uow, clock):
    appointment = book(uow, clock, open_slot(uow))
    command = usecases.CancelAppointment(appointment=appointment.id, by=uuid4())

    with pytest.raises(AppointmentNotFound):
        usecases.cancel_appointment(command, uow=uow, clock=clock)


def test_a_counsellors_side_is_theirs_only_in_that_role(uow, clock):
    appointment = book(uow, clock, open_slot(uow))
    command = usecases.CancelAppointment(appointment=appointment.id, by=appointment.counsellor)

    with pytest.raises(AppointmentNotFound):
        usecases.cancel_appointment(command, uow=uow, clock=clock)


def test_a_started_appointment_cannot_be_cancelled(uow, clock):
    appointment = book(uow, clock, open_slot(uow))
    clock.advance(NINE - NOW)
    command = usecases.CancelAppointment(appointment=appointment.id, by=appointment.person)

    with pytest.raises(AppointmentAlreadyStarted):
        usecases.cancel_appointment(command, uow=uow, clock=clock)


def move(uow, clock, appointment, slot, **said):
    command = usecases.RescheduleAppointment(
        appointment=appointment.id, by=appointment.person, slot=slot.id, **said
    )
    return usecases.reschedule_appointment(command, uow=uow, clock=clock)


def test_rescheduling_swaps_the_slots_and_the_load(uow, clock):
    old, new = open_slot(uow), open_slot(uow, starts_at=NINE + timedelta(days=1))
    appointment = book(uow, clock, old)

    move(uow, clock, appointment, new)

    assert (old.state, new.state) == (SlotState.OPEN, SlotState.TAKEN)
    assert (appointment.slot, appointment.starts_at) == (new.id, new.starts_at)
    assert uow.slots.used == {(old.counsellor, old.day): 0, (new.counsellor, new.day): 1}
    assert isinstance(uow.published[-1], AppointmentRescheduledV1)
    assert uow.published[-1].starts_at == new.starts_at


def test_rescheduling_to_the_same_slot_is_refused(uow, clock):
    slot = open_slot(uow)

    with pytest.raises(SameSlot):
        move(uow, clock, book(uow, clock, slot), slot)


def test_rescheduling_to_a_taken_slot_is_refused(uow, clock):
    taken = open_slot(uow, starts_at=NINE + HOUR)
    book(uow, clock, taken)

    with pytest.raises(SlotAlreadyTaken):
        move(uow, clock, book(uow, clock, open_slot(uow)), taken)


def test_a_full_day_can_still_be_rearranged(uow, clock):
    counsellor = uuid4()
    old, new = (open_slot(uow, counsellor=counsellor, starts_at=NINE + n * HOUR) for n in (0, 1))
    appointment = book(uow, clock, old)
    uow.slots.used[counsellor, old.day] = old.terms.daily_limit

    assert move(uow, clock, appointment, new).slot == new.id


def test_only_the_counsellor_says_that_a_session_took_place(uow, clock):
    appointment = book(uow, clock, open_slot(uow))
    command = usecases.AttendAppointment(appointment=appointment.id, by=appointment.person)

    usecases.check_in(command, uow=uow, clock=clock)
    with pytest.raises(AppointmentNotFound):
        usecases.complete(command, uow=uow, clock=clock)
    with pytest.raises(AppointmentNotFound):
        usecases.mark_no_show(command, uow=uow, clock=clock)
