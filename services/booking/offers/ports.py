"""What the use cases of offers need."""

from typing import Protocol
from uuid import UUID

from services.booking.availability.ports import Slots
from services.booking.offers.domain import Offer
from services.booking.ports import Work


class Offers(Protocol):
    """Offers; at most one of a person is open."""

    def lock(self, offer: UUID) -> Offer | None:
        """The offer, which nobody else changes meanwhile."""
        ...

    def lock_open_of(self, person: UUID) -> Offer | None:
        """The person's open offer, which nobody else changes meanwhile."""
        ...

    def add(self, offer: Offer) -> None: ...

    def save(self, offer: Offer) -> None: ...

    def note_response(self, offer: Offer, response: UUID, level: int) -> None:
        """Remember which result led to the offer, or joined it."""
        ...


class OfferWork(Work, Protocol):
    """The part of the unit of work that offers use."""

    @property
    def offers(self) -> Offers: ...

    @property
    def slots(self) -> Slots: ...
