"""What the use cases need of stored messages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.notification.messages.domain import Message


class Messages(Protocol):
    """Messages with their deliveries. What is loaded here is locked until the commit."""

    def add(self, message: Message) -> None:
        """Keep a new message."""
        ...

    def save(self, message: Message) -> None:
        """Keep what changed."""
        ...

    def of_person(self, message_id: UUID, person: UUID) -> Message | None:
        """One message of the person's own inbox."""
        ...

    def unread(self, person: UUID, until: datetime) -> Sequence[Message]:
        """The person's unread messages up to a moment."""
        ...

    def of_mail(self, delivery_id: UUID) -> Sequence[Message]:
        """The message a delivery belongs to, then those its mail speaks for; empty if unknown."""
        ...

    def attempt_of(self, delivery_id: UUID) -> int | None:
        """Which attempt a queued delivery is at, without locking it; None: it is not queued."""
        ...

    def waiting_pages(self, recipient: str) -> Sequence[Message]:
        """Pages whose mail waits to be grouped for this recipient, oldest first."""
        ...

    def pages_of_case(self, case: UUID, officer: UUID) -> Sequence[Message]:
        """The pages one officer got for a case and has not read."""
        ...

    def delete_older(self, than: datetime) -> int:
        """Forget messages past their retention; how many."""
        ...
