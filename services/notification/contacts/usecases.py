"""Keeping contact cards, and finding an address when a mail is due."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.contracts.notification import Channel
from services.notification.contacts.domain import Card
from services.notification.contacts.ports import AddressBook, BookClosed
from services.notification.ports import NotificationWork

KEEP_PEOPLE = timedelta(days=7)
REFRESH_TIMER = "staff-refresh"
# An import changes many at once; they are asked for together.
GATHER = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Found:
    """An address, and the language its reader prefers."""

    address: str
    language: str


class NoAddress:
    """The person has none on this channel."""


class Unknown:
    """Nobody can say at the moment: accounts is away and nothing is cached."""


Whereabouts = Found | NoAddress | Unknown


def find_address(
    person: UUID, channel: Channel, *, book: AddressBook, uow: NotificationWork
) -> Whereabouts:
    """The cached address while it is good; else what accounts says; else, for want of better, the
    cached one again.
    """
    with uow:
        now, cached = uow.now(), uow.contacts.get(person)
    if cached is not None and cached.usable(now):
        return _on(cached, channel)
    try:
        card = book.card(person, now)
    except BookClosed:
        return _on(cached, channel) if cached is not None else Unknown()
    with uow:
        uow.contacts.save(card)
        uow.commit()
    return _on(card, channel)


def refresh_staff(*, book: AddressBook, uow: NotificationWork) -> int:
    """Copy the addresses of all who may be paged; raises BookClosed, and what is cached stays."""
    with uow:
        now = uow.now()
        cards = book.staff(now)
        uow.contacts.replace_staff(cards, now)
        uow.commit()
    return len(cards)


def contact_changed(person: UUID, *, uow: NotificationWork) -> None:
    """What is cached of this person may be wrong; staff are asked for again at once."""
    with uow:
        known = uow.contacts.get(person)
        if known is not None and known.staff:
            _refresh_soon(uow)
        elif known is not None:
            uow.contacts.mark_stale(person)
        uow.commit()


def role_changed(person: UUID, *, staff: bool, uow: NotificationWork) -> None:
    """Somebody joined or left the staff, or changed within it."""
    with uow:
        known = uow.contacts.get(person)
        if staff or (known is not None and known.staff):
            _refresh_soon(uow)
        uow.commit()


def forget_people(*, uow: NotificationWork) -> int:
    """Addresses of people are kept only around the time a message is due."""
    with uow:
        forgotten = uow.contacts.forget_people_before(uow.now() - KEEP_PEOPLE)
        uow.commit()
    return forgotten


def _refresh_soon(uow: NotificationWork) -> None:
    uow.timers.set(REFRESH_TIMER, "", uow.now() + GATHER)


def _on(card: Card, channel: Channel) -> Whereabouts:
    address = card.addresses.get(channel)
    return Found(address, card.language) if address else NoAddress()
