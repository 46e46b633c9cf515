"""What can be done with offers."""

from services.booking.offers.usecases.decline_offer import DeclineOffer, decline_offer
from services.booking.offers.usecases.look_after_offer import LookAfterOffer, look_after_offer
from services.booking.offers.usecases.make_offer import (
    MakeOffer,
    answer_response,
    make_offer,
)

__all__ = [
    "DeclineOffer",
    "LookAfterOffer",
    "MakeOffer",
    "answer_response",
    "decline_offer",
    "look_after_offer",
    "make_offer",
]
