"""Accounts as an address book, over its internal routes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from typing import Any, Protocol
from uuid import UUID

from services.chassis.peers import PeerUnavailable
from services.contracts.notification import Channel
from services.notification.contacts.domain import Card
from services.notification.contacts.ports import BookClosed

KNOWN = {channel.value: channel for channel in Channel}


class Asks(Protocol):
    """The part of the chassis's peers that is used here."""

    def get_json(self, peer: str, path: str, **query: str) -> Any:
        """The JSON of an internal route; raises PeerUnavailable."""
        ...


class AccountsDirectory:
    """Asks accounts, and says BookClosed for whatever goes wrong."""

    def __init__(self, peers: Asks) -> None:
        self._peers = peers

    def card(self, person: UUID, now: datetime) -> Card:
        """One person's contact points."""
        with _or_closed():
            answer = self._ask_for(person)
            return _card(person, answer["items"], answer.get("language"), now)

    def staff(self, now: datetime) -> Sequence[Card]:
        """Everybody who may be paged."""
        items: dict[UUID, list[Mapping[str, str]]] = defaultdict(list)
        with _or_closed():
            answer = self._peers.get_json("accounts", "/internal/v1/staff-contact-points")
            for item in answer["items"]:
                items[UUID(item["person"])].append(item)
            return [
                _card(person, mine, mine[0].get("language"), now, staff=True)
                for person, mine in items.items()
            ]

    def _ask_for(self, person: UUID) -> Any:
        """Somebody accounts does not know any more has no address."""
        try:
            return self._peers.get_json("accounts", f"/internal/v1/people/{person}/contact-points")
        except PeerUnavailable as refusal:
            if refusal.answered == HTTPStatus.NOT_FOUND:
                return {"items": []}
            raise


@contextmanager
def _or_closed() -> Iterator[None]:
    """An answer that cannot be read is no better than none."""
    try:
        yield
    except (PeerUnavailable, ValueError, LookupError, TypeError, AttributeError) as error:
        raise BookClosed from error


def _card(
    person: UUID,
    items: Sequence[Mapping[str, str]],
    language: str | None,
    now: datetime,
    *,
    staff: bool = False,
) -> Card:
    addresses = {
        KNOWN[item["channel"]]: item["address"] for item in items if item["channel"] in KNOWN
    }
    return Card(person, addresses, language or "zh", now, staff)
