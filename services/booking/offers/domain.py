"""Offers of counselling: made by the policy, answered by the person, or expired."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.booking.offers.policy import OfferPolicy
from services.chassis.errors import Conflict, NotFound


class OfferState(StrEnum):
    """Open, or closed in one of three ways."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"


class OfferNotFound(NotFound):
    """No such offer, or not yours."""

    code = "offer-not-found"


class OfferAlreadyAccepted(Conflict):
    """A session was booked on the offer."""

    code = "offer-already-accepted"


class OfferAlreadyDeclined(Conflict):
    """The person said no before."""

    code = "offer-already-declined"


class OfferExpired(Conflict):
    """Its time is over."""

    code = "offer-expired"


CLOSED: dict[OfferState, type[Conflict]] = {
    OfferState.ACCEPTED: OfferAlreadyAccepted,
    OfferState.DECLINED: OfferAlreadyDeclined,
    OfferState.EXPIRED: OfferExpired,
}


@dataclass(kw_only=True)
class Offer:
    """One person's offer; `slot` is the slot kept for it, `urgency` the care level (2 to 4)."""

    id: UUID
    person: UUID
    unit: str
    reason: str
    urgency: int
    policy: str
    correlation_id: str
    made_at: datetime
    expires_at: datetime
    state: OfferState = OfferState.OPEN
    slot: UUID | None = None
    appointment: UUID | None = None
    closed_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether the person can still answer."""
        return self.state is OfferState.OPEN and now < self.expires_at

    def join(self, urgency: int, policy: OfferPolicy, now: datetime) -> None:
        """Take in a later result: the offer stands anew, and may become more urgent."""
        self.urgency = max(self.urgency, urgency)
        self.expires_at = max(self.expires_at, now + policy.open_for)

    def accept(self, appointment: UUID, now: datetime) -> None:
        """An appointment was booked on it."""
        self._close(OfferState.ACCEPTED, now)
        self.appointment = appointment

    def decline(self, now: datetime) -> None:
        """The person says no."""
        self._close(OfferState.DECLINED, now)

    def expire(self, now: datetime) -> None:
        """Nobody answered in time."""
        self.state, self.closed_at, self.slot = OfferState.EXPIRED, now, None

    def must_be_open(self, now: datetime) -> None:
        """Refuse an answer that comes too late."""
        if self.state is not OfferState.OPEN:
            raise CLOSED[self.state]
        if now >= self.expires_at:
            raise OfferExpired

    def _close(self, state: OfferState, now: datetime) -> None:
        self.must_be_open(now)
        self.state, self.closed_at, self.slot = state, now, None
