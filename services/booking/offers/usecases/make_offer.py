"""Offer counselling to a person whose result calls for it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from services.booking.offers import publishing
from services.booking.offers.domain import Offer
from services.booking.offers.holding import keep_a_slot
from services.booking.offers.policy import OfferPolicy
from services.booking.offers.ports import OfferWork
from services.booking.offers.usecases.expiring import expire
from services.chassis.clock import Clock
from services.contracts.assessment import ResponseCompletedV1
from services.contracts.envelope import Envelope

SCREENING = "screening"


@dataclass(frozen=True, kw_only=True)
class MakeOffer:
    """A result of a person of some unit, with the care level that assessment advises."""

    offer: UUID
    response: UUID
    person: UUID
    unit: str
    care_level: int


def answer_response(event: Envelope, *, uow: OfferWork, clock: Clock, policy: OfferPolicy) -> None:
    """What a completed response asks of the offers; an anonymous one asks nothing."""
    data = event.data
    if not isinstance(data, ResponseCompletedV1) or data.person is None:
        return
    command = MakeOffer(
        offer=uuid4(),
        response=data.response,
        person=data.person,
        unit=event.unit,
        care_level=data.care_level,
    )
    make_offer(command, uow=uow, clock=clock, policy=policy)


def make_offer(
    command: MakeOffer, *, uow: OfferWork, clock: Clock, policy: OfferPolicy
) -> Offer | None:
    """Make an offer, or let the result join the open one; None where the policy asks for none."""
    level = policy.level_of(command.care_level)
    if level is None:
        return None
    now = clock.now()
    with uow:
        # Results of one person take turns, so that the second finds the offer of the first.
        uow.parties.lock(command.person)
        offer = _still_open(uow.offers.lock_open_of(command.person), uow=uow, now=now)
        if offer is None:
            offer = _new_offer(command, level, policy, uow=uow, now=now)
        else:
            _join(offer, level, policy, uow=uow, now=now)
        uow.offers.note_response(offer, command.response, command.care_level)
        uow.commit()
    return offer


def _still_open(offer: Offer | None, *, uow: OfferWork, now: datetime) -> Offer | None:
    if offer is None or offer.is_open(now):
        return offer
    expire(offer, uow=uow, now=now)
    return None


def _new_offer(
    command: MakeOffer, level: int, policy: OfferPolicy, *, uow: OfferWork, now: datetime
) -> Offer:
    offer = Offer(
        id=command.offer,
        person=command.person,
        unit=command.unit,
        reason=SCREENING,
        urgency=level,
        policy=policy.version,
        correlation_id=uow.correlation_id,
        made_at=now,
        expires_at=now + policy.open_for,
    )
    keep_a_slot(offer, policy, uow=uow, now=now)
    uow.offers.add(offer)
    uow.publish(publishing.made(offer, command.response), unit=offer.unit)
    return offer


def _join(offer: Offer, level: int, policy: OfferPolicy, *, uow: OfferWork, now: datetime) -> None:
    offer.join(level, policy, now)
    keep_a_slot(offer, policy, uow=uow, now=now)
    uow.offers.save(offer)
