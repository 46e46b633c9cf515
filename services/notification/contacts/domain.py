"""Contact cards: the addresses of one person, and how long they may be used unasked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.contracts.notification import Channel

FRESH_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Card:
    """A person's addresses by channel, as accounts told them at `refreshed_at`."""

    person: UUID
    addresses: Mapping[Channel, str]
    language: str
    refreshed_at: datetime
    staff: bool = False
    stale: bool = False

    def usable(self, now: datetime) -> bool:
        """Whether it may be used without asking accounts again.

        Staff cards always may: they are refreshed from outside, and a page must not wait.
        """
        return self.staff or (not self.stale and now - self.refreshed_at < FRESH_FOR)
