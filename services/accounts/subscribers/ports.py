"""What the use cases of subscriptions need."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from services.accounts.subscribers.copies import Copy
from services.accounts.subscribers.domain import DeliveryKind, Subscription
from services.accounts.subscribers.grants import Grant
from services.accounts.subscribers.secrets import SigningKeys


class Subscriptions(Protocol):
    """Subscriptions with their secrets."""

    def get(self, subscription: UUID) -> Subscription:
        """Locked; raises SubscriptionNotFound."""
        ...

    def named(self, name: str) -> Subscription | None:
        """The one with this name, ended ones too."""
        ...

    def wanting(self, types: Collection[str]) -> Sequence[Subscription]:
        """Those that want one of these types, locked in the order of their ids."""
        ...

    def add(self, subscription: Subscription, secret_digest: bytes) -> None:
        """Store a new one; raises NameTaken."""
        ...

    def save(self, subscription: Subscription) -> None:
        """Store its present state."""
        ...

    def claim_due(self, kind: DeliveryKind, claim: UUID, lease: timedelta) -> Subscription | None:
        """Take the one that has waited longest, for so long; None where none is due."""
        ...

    def secret_digest(self, subscription: UUID) -> bytes:
        """What is kept of its secret."""
        ...

    def set_secret_digest(self, subscription: UUID, digest: bytes) -> None:
        """Another secret."""
        ...

    def signing_keys(self, subscription: UUID) -> SigningKeys | None:
        """What its webhook is signed with."""
        ...

    def set_signing_keys(self, subscription: UUID, keys: SigningKeys) -> None:
        """Other keys."""
        ...


class Copies(Protocol):
    """Numbered copies of events."""

    def add(self, subscription: UUID, copies: Sequence[Copy]) -> None:
        """Store them."""
        ...

    def after(self, subscription: UUID, number: int, most: int) -> Sequence[Copy]:
        """The next copies, in order."""
        ...

    def withdraw(self, subscription: UUID, kind: str) -> None:
        """Take the content of a type's copies away; their numbers stay."""
        ...

    def forget(self, before: datetime) -> None:
        """Drop what was recorded before, and note the oldest that is left."""
        ...


class Grants(Protocol):
    """Data-sharing grants."""

    def get(self, subscription: UUID, grant: UUID) -> Grant:
        """Locked; raises GrantNotFound."""
        ...

    def of(self, subscription: UUID) -> Sequence[Grant]:
        """All of a subscription's, newest first."""
        ...

    def over(self, now: datetime) -> Sequence[Grant]:
        """Those past their time whose copies still show something."""
        ...

    def save(self, grant: Grant) -> None:
        """Store a new or changed one."""
        ...


class Queues(Protocol):
    """The broker's side of a subscription."""

    def ensure(self, queue: str) -> None:
        """Declare and bind it; raises BrokerUnavailable."""
        ...

    def remove(self, queue: str) -> None:
        """Delete it with what it holds, whoever reads; raises BrokerUnavailable."""
        ...

    def depth(self, queue: str) -> tuple[int, int] | None:
        """Messages waiting and consumers; None where there is no such queue."""
        ...
