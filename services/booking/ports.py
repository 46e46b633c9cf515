"""What every use case of booking needs from its unit of work."""

from datetime import datetime
from types import TracebackType
from typing import Protocol, Self
from uuid import UUID

from services.chassis.due import Timers
from services.contracts.event import IntegrationEvent


class Parties(Protocol):
    """Numbers for those who cannot be in two places at once: counsellors, rooms, workers."""

    def lock(self, party: UUID) -> int:
        """The party's number; until the end of the transaction nobody else holds it."""
        ...


class Work(Protocol):
    """One transaction: what is not committed never happened."""

    @property
    def timers(self) -> Timers: ...

    @property
    def parties(self) -> Parties: ...

    @property
    def correlation_id(self) -> str: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def commit(self) -> None: ...

    def publish(self, event: IntegrationEvent, *, unit: str = "", urgent: bool = False) -> None: ...

    def now(self) -> datetime: ...

    def follow(self, correlation_id: str) -> None: ...

    def audit(
        self, action: str, subject: UUID | str, person: UUID | None = None, reason: str = ""
    ) -> None: ...
