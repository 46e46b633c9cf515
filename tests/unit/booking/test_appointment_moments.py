"""Offers and appointments at the very moment a rule begins or ends to hold."""

from uuid import uuid4

import pytest

from services.booking.appointments.domain import (
    Appointment,
    AppointmentAlreadyCancelled,
    AppointmentAlreadyCheckedIn,
    AppointmentAlreadyCompleted,
    AppointmentAlreadyStarted,
    AppointmentNotCheckedIn,
    AppointmentNotStarted,
    AppointmentState,
    AppointmentWasNoShow,
    OwnSlot,
    appointment_in,
)
from services.booking.offers.domain import (
    OfferAlreadyAccepted,
    OfferAlreadyDeclined,
    OfferExpired,
    OfferState,
)
from services.contracts.booking import Mode
from tests.unit.booking.builders import AFTER, BEFORE, HOUR, NINE, NOW, a_slot, an_offer


def an_appointment(mode=Mode.IN_PERSON, **said):
    slot = a_slot(starts_at=NINE, room=uuid4())
    made = appointment_in(
        slot,
        appointment=uuid4(),
        person=uuid4(),
        unit="wh/hc",
        mode=mode,
        offer=uuid4(),
        correlation_id="loop",
        now=NOW,
    )
    for name, value in said.items():
        setattr(made, name, value)
    return made


def test_an_offer_is_open_until_its_time_and_not_at_it():
    offer = an_offer(expires_at=NINE)

    assert offer.is_open(BEFORE)
    assert not offer.is_open(NINE)
    offer.must_be_open(BEFORE)
    with pytest.raises(OfferExpired):
        offer.must_be_open(NINE)


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (OfferState.ACCEPTED, OfferAlreadyAccepted),
        (OfferState.DECLINED, OfferAlreadyDeclined),
        (OfferState.EXPIRED, OfferExpired),
    ],
)
def test_an_offer_that_was_closed_says_how(state, refusal):
    offer = an_offer(state=state, expires_at=NINE)

    assert not offer.is_open(BEFORE)
    for answer in (offer.decline, lambda now: offer.accept(uuid4(), now)):
        with pytest.raises(refusal):
            answer(BEFORE)


def test_an_answer_closes_the_offer_and_lets_the_slot_go():
    accepted, declined, expired = (an_offer(slot=uuid4(), expires_at=NINE) for _ in range(3))
    appointment = uuid4()

    accepted.accept(appointment, BEFORE)
    declined.decline(BEFORE)
    expired.expire(AFTER)

    assert (accepted.state, accepted.appointment) == (OfferState.ACCEPTED, appointment)
    assert (declined.state, declined.closed_at, declined.slot) == (
        OfferState.DECLINED,
        BEFORE,
        None,
    )
    assert (expired.state, expired.closed_at, expired.slot) == (OfferState.EXPIRED, AFTER, None)
    assert (accepted.closed_at, accepted.slot) == (BEFORE, None)


def test_a_new_appointment_takes_all_that_the_slot_says():
    slot, person, offer = a_slot(starts_at=NINE, room=uuid4()), uuid4(), uuid4()
    number = uuid4()

    made = appointment_in(
        slot,
        appointment=number,
        person=person,
        unit="wh/hc",
        mode=Mode.IN_PERSON,
        offer=offer,
        correlation_id="loop",
        now=NOW,
    )

    assert made == Appointment(
        id=number,
        person=person,
        unit="wh/hc",
        slot=slot.id,
        counsellor=slot.counsellor,
        site=slot.site,
        room=slot.room,
        mode=Mode.IN_PERSON,
        starts_at=NINE,
        ends_at=slot.ends_at,
        correlation_id="loop",
        booked_at=NOW,
        changed_at=NOW,
        offer=offer,
        state=AppointmentState.BOOKED,
    )
    with pytest.raises(OwnSlot):
        appointment_in(
            slot,
            appointment=number,
            person=slot.counsellor,
            unit="wh",
            mode=Mode.VIDEO,
            offer=None,
            correlation_id="loop",
            now=NOW,
        )


def test_an_appointment_moves_with_everything_that_belongs_to_the_slot():
    appointment, slot = an_appointment(), a_slot(starts_at=NINE + HOUR, room=uuid4())

    appointment.move_to(slot, Mode.IN_PERSON, BEFORE)

    assert (appointment.slot, appointment.counsellor, appointment.site) == (
        slot.id,
        slot.counsellor,
        slot.site,
    )
    assert (appointment.starts_at, appointment.ends_at) == (slot.starts_at, slot.ends_at)
    assert (appointment.mode, appointment.room) == (Mode.IN_PERSON, slot.room)
    assert appointment.changed_at == BEFORE
    appointment.move_to(slot, Mode.VIDEO, BEFORE)
    assert (appointment.mode, appointment.room) == (Mode.VIDEO, None)


def test_once_it_starts_an_appointment_is_neither_moved_nor_cancelled():
    appointment = an_appointment()

    for change in (appointment.cancel, lambda now: appointment.move_to(a_slot(), Mode.VIDEO, now)):
        with pytest.raises(AppointmentAlreadyStarted):
            change(NINE)
    appointment.cancel(BEFORE)
    assert (appointment.state, appointment.changed_at) == (AppointmentState.CANCELLED, BEFORE)


def test_what_took_place_can_be_said_from_the_start_on():
    early, missed = an_appointment(), an_appointment()

    with pytest.raises(AppointmentNotCheckedIn):
        early.complete(BEFORE)
    with pytest.raises(AppointmentNotStarted):
        missed.mark_no_show(BEFORE)
    early.complete(NINE)
    missed.mark_no_show(NINE)

    assert (early.state, early.changed_at) == (AppointmentState.COMPLETED, NINE)
    assert (missed.state, missed.changed_at) == (AppointmentState.NO_SHOW, NINE)


def test_whoever_has_come_can_be_seen_before_the_hour():
    appointment = an_appointment()

    appointment.check_in(BEFORE)
    assert (appointment.state, appointment.changed_at) == (AppointmentState.CHECKED_IN, BEFORE)
    with pytest.raises(AppointmentAlreadyCheckedIn):
        appointment.mark_no_show(NINE)
    appointment.complete(BEFORE)

    assert appointment.state is AppointmentState.COMPLETED


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (AppointmentState.CHECKED_IN, AppointmentAlreadyCheckedIn),
        (AppointmentState.COMPLETED, AppointmentAlreadyCompleted),
        (AppointmentState.NO_SHOW, AppointmentWasNoShow),
        (AppointmentState.CANCELLED, AppointmentAlreadyCancelled),
    ],
)
def test_only_what_is_booked_can_change(state, refusal):
    appointment = an_appointment(state=state)

    for change in (
        appointment.cancel,
        appointment.check_in,
        appointment.mark_no_show,
        lambda now: appointment.move_to(a_slot(), Mode.VIDEO, now),
    ):
        with pytest.raises(refusal):
            change(BEFORE)


def test_an_appointment_belongs_to_both_sides_each_in_their_own_way():
    appointment = an_appointment()

    assert appointment.belongs_to(appointment.person, in_care=False)
    assert appointment.belongs_to(appointment.person, in_care=True)
    assert appointment.belongs_to(appointment.counsellor, in_care=True)
    assert not appointment.belongs_to(appointment.counsellor, in_care=False)
    assert not appointment.belongs_to(uuid4(), in_care=True)
