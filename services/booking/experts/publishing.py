"""What the world hears of the expert pool."""

from services.booking.experts.domain import Counsellor
from services.contracts.booking import ExpertRegisteredV1


def registered(counsellor: Counsellor) -> ExpertRegisteredV1:
    """A counsellor joined."""
    return ExpertRegisteredV1(counsellor=counsellor.id)
