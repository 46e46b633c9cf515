"""What every use case of booking needs from its unit of work."""

from typing import Protocol
from uuid import UUID

from services.chassis.work import Work as Transaction


class Parties(Protocol):
    """Numbers for those who cannot be in two places at once: counsellors, rooms, workers."""

    def lock(self, party: UUID) -> int:
        """The party's number; until the end of the transaction nobody else holds it."""
        ...


class Work(Transaction, Protocol):
    """One transaction of booking."""

    @property
    def parties(self) -> Parties: ...
