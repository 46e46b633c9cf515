"""Keeping a slot for an open offer, and moving on when that slot is lost."""

from datetime import datetime

from services.booking.availability.ports import Wanted
from services.booking.availability.slots import Slot
from services.booking.offers.domain import Offer
from services.booking.offers.policy import OfferPolicy
from services.booking.offers.ports import OfferWork
from services.booking.units import district_of

OFFER_DUE = "offer-due"
ATTEMPTS = 3


def keep_a_slot(offer: Offer, policy: OfferPolicy, *, uow: OfferWork, now: datetime) -> None:
    """Have the offer hold a slot that fits, where there is one, and look after it in time.

    The slot held so far stays while it fits, and also while nothing better is found.
    """
    held = held_slot(offer, uow)
    answerable = held is not None and now < policy.hold_ends(held.starts_at)
    fits = held is not None and held.starts_at < policy.latest_start(offer.urgency, now)
    if not (answerable and fits):
        better = _first_with_load(_wanted(offer, policy, now), held, uow)
        if better is not None or not answerable:
            _swap(offer, held, better, uow)
            held = better
    again = policy.hold_ends(held.starts_at) if held else now + policy.look_again_after
    _set_clock(offer, again, uow)


def let_go(offer: Offer, *, uow: OfferWork) -> None:
    """Give the slot held for the offer back."""
    slot = held_slot(offer, uow)
    _swap(offer, slot, None, uow)


def held_slot(offer: Offer, uow: OfferWork) -> Slot | None:
    """The slot that is held for the offer, unless it was lost meanwhile."""
    slot = uow.slots.lock([offer.slot]).get(offer.slot) if offer.slot else None
    return slot if slot is not None and slot.held_by == offer.id else None


def _swap(offer: Offer, old: Slot | None, new: Slot | None, uow: OfferWork) -> None:
    if old is not None:
        old.release()
        uow.slots.save(old)
        if new is None:
            uow.slots.shift_load(free=old)
    if new is not None:
        new.hold(offer.id)
        uow.slots.save(new)
    offer.slot = new.id if new else None


def _wanted(offer: Offer, policy: OfferPolicy, now: datetime) -> Wanted:
    return Wanted(
        after=now + policy.hold_ends_before_start,
        before=policy.latest_start(offer.urgency, now),
        near=district_of(offer.unit) if offer.urgency in policy.near_first else None,
    )


def _first_with_load(wanted: Wanted, old: Slot | None, uow: OfferWork) -> Slot | None:
    # A day can fill up between the two statements; the next look leaves it out.
    for _ in range(ATTEMPTS):
        slot = uow.slots.lock_first_open(wanted)
        if slot is None and old is None:
            # Waiting is safe for whoever has locked no slot yet.
            slot = uow.slots.lock_first_open(wanted, wait=True)
        if slot is None or uow.slots.shift_load(free=old, use=slot):
            return slot
    return None


def _set_clock(offer: Offer, look_again: datetime, uow: OfferWork) -> None:
    due_at = min(offer.expires_at, look_again)
    # A key of its own for each setting: a use case never waits for the row of a timer that is
    # just being handled and itself waits for the offer. A clock set earlier finds nothing to do.
    key = f"{offer.id}:{due_at.timestamp():.0f}"
    uow.timers.set(OFFER_DUE, key, due_at, {"offer": str(offer.id)})
