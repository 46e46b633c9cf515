"""Look after an open offer when its clock rings: expire it, or find it another slot."""

from dataclasses import dataclass
from uuid import UUID

from services.booking.offers.domain import OfferState
from services.booking.offers.holding import keep_a_slot
from services.booking.offers.policy import OfferPolicy
from services.booking.offers.ports import OfferWork
from services.booking.offers.usecases.expiring import expire


@dataclass(frozen=True, kw_only=True)
class LookAfterOffer:
    """The clock of this offer rang, or the slot kept for it was lost."""

    offer: UUID


def look_after_offer(command: LookAfterOffer, *, uow: OfferWork, policy: OfferPolicy) -> None:
    """An answered offer needs nothing; a clock that was set anew since finds nothing to do."""
    with uow:
        # The database's clock rang, so it also says what time it is.
        now = uow.now()
        offer = uow.offers.lock(command.offer)
        if offer is not None and offer.state is OfferState.OPEN:
            if not offer.is_open(now):
                expire(offer, uow=uow, now=now)
            else:
                keep_a_slot(offer, policy, uow=uow, now=now)
                uow.offers.save(offer)
        uow.commit()
