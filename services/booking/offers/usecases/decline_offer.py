"""Say no to an offer."""

from dataclasses import dataclass
from uuid import UUID

from services.booking.offers import publishing
from services.booking.offers.domain import Offer, OfferNotFound
from services.booking.offers.holding import let_go
from services.booking.offers.ports import OfferWork
from services.chassis.clock import Clock


@dataclass(frozen=True, kw_only=True)
class DeclineOffer:
    """A person says no to their own offer."""

    offer: UUID
    by: UUID


def decline_offer(command: DeclineOffer, *, uow: OfferWork, clock: Clock) -> Offer:
    """Raises OfferNotFound, and a Conflict where the offer is no longer open."""
    now = clock.now()
    with uow:
        offer = uow.offers.lock(command.offer)
        if offer is None or offer.person != command.by:
            raise OfferNotFound
        offer.must_be_open(now)
        let_go(offer, uow=uow)
        offer.decline(now)
        uow.offers.save(offer)
        uow.follow(offer.correlation_id)
        uow.publish(publishing.declined(offer), unit=offer.unit)
        uow.commit()
    return offer
