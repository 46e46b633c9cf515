"""What the world hears of offers."""

from uuid import UUID

from services.booking.offers.domain import Offer
from services.contracts.booking import (
    OfferAcceptedV1,
    OfferDeclinedV1,
    OfferExpiredV1,
    OfferMadeV1,
)


def made(offer: Offer, response: UUID) -> OfferMadeV1:
    """Counselling is offered."""
    return OfferMadeV1(
        offer=offer.id,
        person=offer.person,
        urgency=offer.urgency,
        expires_at=offer.expires_at,
        slot=offer.slot,
        response=response,
    )


def accepted(offer: Offer, appointment: UUID) -> OfferAcceptedV1:
    """A session was booked on it."""
    return OfferAcceptedV1(offer=offer.id, person=offer.person, appointment=appointment)


def declined(offer: Offer) -> OfferDeclinedV1:
    """The person said no."""
    return OfferDeclinedV1(offer=offer.id, person=offer.person)


def expired(offer: Offer) -> OfferExpiredV1:
    """Nobody answered."""
    return OfferExpiredV1(offer=offer.id, person=offer.person)
