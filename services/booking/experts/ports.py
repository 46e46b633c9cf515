"""What the use cases of counsellors need."""

from datetime import date
from typing import Protocol
from uuid import UUID

from services.booking.experts.domain import Counsellor


class Counsellors(Protocol):
    """The expert pool."""

    def get(self, counsellor: UUID) -> Counsellor:
        """The counsellor, whom nobody else changes meanwhile; raises CounsellorNotFound."""
        ...

    def add(self, counsellor: Counsellor) -> None:
        """Raises CounsellorAlreadyRegistered."""
        ...

    def save(self, counsellor: Counsellor) -> None: ...

    def planned_until(self, counsellor: UUID, day: date) -> None:
        """Remember how far the counsellor's slots are laid out."""
        ...

    def plan_again(self, site: UUID) -> None:
        """Have the slots of those who work at this site laid out anew, by the next sweep."""
        ...

    def due_for_planning(self, until: date) -> list[UUID]:
        """Those active counsellors whose slots are not laid out up to this day."""
        ...
