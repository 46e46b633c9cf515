"""What the use cases need of stored escalations."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from services.notification.escalations.domain import Escalation


@dataclass(frozen=True, slots=True)
class PagingPolicy:
    """How pages repeat and gather.

    `repeat`: the pause after the last officer, before the chain starts again. `window`: for so
    long after a page mail, further ones to the same officer gather into one. `fallbacks`: how
    many fallback contacts the city has named.
    """

    repeat: timedelta = timedelta(minutes=15)
    window: timedelta = timedelta(seconds=5)
    fallbacks: int = 1


class Escalations(Protocol):
    """At most one for a case; what is loaded is locked until the commit."""

    def of_case(self, case: UUID) -> Escalation | None:
        """The case's escalation."""
        ...

    def open_among(self, cases: Collection[UUID]) -> frozenset[UUID]:
        """Those cases somebody is still being paged for; without locking them."""
        ...

    def save(self, escalation: Escalation) -> None:
        """Keep a new or changed one."""
        ...


class Pagers(Protocol):
    """When each recipient's last page mail went out; a pager is locked until the commit."""

    def lock(self, recipient: str) -> datetime | None:
        """Reserve the recipient's pager; the moment of the last page mail."""
        ...

    def mailed(self, recipient: str, at: datetime) -> None:
        """A page mail is going out."""
        ...
