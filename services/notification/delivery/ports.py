"""What sending needs: channels that take a letter, whatever the provider behind them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.notification.delivery.domain import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message, ready for one address. `message` is the id it carries at every attempt."""

    message: UUID
    address: str
    language: str
    subject: str
    body: str
    urgent: bool
    written_at: datetime


class OutsideChannel(Protocol):
    """A way out of the system. It never raises: what went wrong is part of the outcome."""

    def send(self, letter: Letter) -> Outcome:
        """Hand the letter to the provider, within the channel's time limits."""
        ...
