"""What the use cases need of contact points, and of accounts, which knows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.notification.contacts.domain import Card


class Contacts(Protocol):
    """The encrypted cache of cards."""

    def get(self, person: UUID) -> Card | None:
        """What is known of a person."""
        ...

    def save(self, card: Card) -> None:
        """Keep a new or changed card."""
        ...

    def replace_staff(self, cards: Sequence[Card], now: datetime) -> None:
        """These are the staff; who was before and is not any more becomes an ordinary person."""
        ...

    def mark_stale(self, person: UUID) -> None:
        """What is known may be wrong: ask again before the next use."""
        ...

    def forget_people_before(self, moment: datetime) -> int:
        """Drop cards of people (not of staff) not refreshed since; how many."""
        ...


class AddressBook(Protocol):
    """Accounts, which knows everybody's contact points. Raises BookClosed when it is away."""

    def card(self, person: UUID, now: datetime) -> Card:
        """One person's contact points."""
        ...

    def staff(self, now: datetime) -> Sequence[Card]:
        """Everybody who may be paged."""
        ...


class BookClosed(Exception):
    """Accounts does not answer; what is cached must do."""
