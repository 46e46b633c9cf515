"""Closing an offer that nobody answered."""

from datetime import datetime

from services.booking.offers import publishing
from services.booking.offers.domain import Offer
from services.booking.offers.holding import let_go
from services.booking.offers.ports import OfferWork


def expire(offer: Offer, *, uow: OfferWork, now: datetime) -> None:
    """Its slot is free again, and the world hears of it in the offer's own loop."""
    let_go(offer, uow=uow)
    offer.expire(now)
    uow.offers.save(offer)
    loop = uow.correlation_id
    uow.follow(offer.correlation_id)
    uow.publish(publishing.expired(offer), unit=offer.unit)
    uow.follow(loop)
