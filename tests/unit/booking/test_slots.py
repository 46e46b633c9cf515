"""What a slot can be, and who may take it."""

from datetime import date
from uuid import uuid4

import pytest

from services.booking.availability.slots import (
    CounsellorNotAvailable,
    ModeNotOffered,
    SlotAlreadyStarted,
    SlotAlreadyTaken,
    SlotState,
    SlotWithdrawn,
    Terms,
)
from services.contracts.booking import Mode
from tests.unit.booking.builders import NINE, NOW, a_slot


def take(slot, mode=Mode.VIDEO, offer=None, now=NOW):
    slot.take(mode, offer=offer, now=now)


def test_an_open_slot_can_be_taken_once():
    slot = a_slot()
    take(slot)

    assert slot.state is SlotState.TAKEN
    with pytest.raises(SlotAlreadyTaken):
        take(slot)


def test_a_held_slot_is_for_the_offer_it_is_held_for():
    slot, offer = a_slot(), uuid4()
    slot.hold(offer)

    with pytest.raises(SlotAlreadyTaken):
        take(slot)
    with pytest.raises(SlotAlreadyTaken):
        take(slot, offer=uuid4())
    take(slot, offer=offer)

    assert (slot.state, slot.held_by) == (SlotState.TAKEN, None)


def test_a_slot_that_started_cannot_be_taken():
    with pytest.raises(SlotAlreadyStarted):
        take(a_slot(starts_at=NOW))


def test_a_withdrawn_slot_cannot_be_taken():
    with pytest.raises(SlotWithdrawn):
        take(a_slot(state=SlotState.WITHDRAWN))


def test_an_expired_credential_refuses_the_booking():
    expired = Terms(6, date(2025, 6, 2), active=True)

    with pytest.raises(CounsellorNotAvailable):
        take(a_slot(terms=expired))


def test_a_counsellor_who_left_cannot_be_booked():
    with pytest.raises(CounsellorNotAvailable):
        take(a_slot(terms=Terms(6, date(2030, 1, 1), active=False)))


def test_a_way_of_meeting_the_slot_does_not_have_is_named_as_a_field():
    with pytest.raises(ModeNotOffered) as refusal:
        take(a_slot(), mode=Mode.PHONE)

    assert refusal.value.errors[0].field == "mode"


def test_a_released_slot_is_open_again_unless_the_plan_dropped_it():
    kept, dropped = a_slot(), a_slot(orphaned=True)
    take(kept)
    take(dropped)

    kept.release()
    dropped.release()

    assert (kept.state, dropped.state) == (SlotState.OPEN, SlotState.WITHDRAWN)


def test_a_slot_belongs_to_the_day_of_the_city():
    assert a_slot(starts_at=NINE).day == date(2025, 6, 3)
