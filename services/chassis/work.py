"""The unit of work as use cases see it; a service's own port adds its repositories."""

from datetime import datetime
from types import TracebackType
from typing import Protocol, Self
from uuid import UUID

from services.chassis.due import Timers
from services.contracts.event import IntegrationEvent


class Work(Protocol):
    """One transaction: `with uow: …; uow.commit()`; what is not committed never happened."""

    @property
    def timers(self) -> Timers:
        """Due times set or taken back with this change."""
        ...

    @property
    def correlation_id(self) -> str:
        """The loop this work belongs to."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def commit(self) -> None:
        """Keep everything."""
        ...

    def apart(self) -> Self:
        """The same in a transaction of its own: what it commits stands, whatever follows."""
        ...

    def publish(self, event: IntegrationEvent, *, unit: str = "", urgent: bool = False) -> None:
        """Tell the others, with this change."""
        ...

    def follow(self, correlation_id: str) -> None:
        """Continue another loop from here on."""
        ...

    def now(self) -> datetime:
        """The database's clock."""
        ...

    def audit(
        self, action: str, subject: UUID | str, person: UUID | None = None, reason: str = ""
    ) -> None:
        """Note who read or changed what about whom."""
        ...
