"""Contact cards as rows: the addresses are sealed, each with its person's own key."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, delete, update

from services.chassis.keyring import CannotOpen
from services.chassis.statements import fetch, postpone
from services.chassis.vault import Vault
from services.contracts.notification import Channel
from services.notification.contacts.domain import Card
from services.notification.tables import contacts

CONTEXT = "notification-contact"

_GET = "SELECT * FROM contacts WHERE person = %(person)s"
# Only the staff list says who is staff.
_SAVE = """
    INSERT INTO contacts AS known (person, sealed, staff, stale, refreshed_at)
    VALUES (%(person)s, %(sealed)s, %(staff)s, %(stale)s, %(refreshed_at)s)
    ON CONFLICT (person) DO UPDATE
    SET sealed = EXCLUDED.sealed, staff = known.staff OR EXCLUDED.staff, stale = EXCLUDED.stale,
        refreshed_at = EXCLUDED.refreshed_at
"""


class ContactRows:
    """The contact cards of one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    def get(self, person: UUID) -> Card | None:
        """What is known of a person; nothing, where the key is gone."""
        found = fetch(self._connection, _GET, {"person": person})
        return self._open(found[0]) if found else None

    def save(self, card: Card) -> None:
        """Keep a new or changed card."""
        postpone(self._connection, _SAVE, self._row(card))

    def replace_staff(self, cards: Sequence[Card], now: datetime) -> None:
        """These are the staff; who was before and is not any more becomes an ordinary person."""
        for card in sorted(cards, key=lambda each: each.person):
            self.save(card)
        gone = update(contacts).where(contacts.c.staff, contacts.c.refreshed_at < now)
        self._connection.execute(gone.values(staff=False, stale=True))

    def mark_stale(self, person: UUID) -> None:
        """What is known may be wrong: ask again before the next use."""
        known = update(contacts).where(contacts.c.person == person)
        self._connection.execute(known.values(stale=True))

    def forget_people_before(self, moment: datetime) -> int:
        """Drop cards of people (not of staff) not refreshed since; how many."""
        old = delete(contacts).where(~contacts.c.staff, contacts.c.refreshed_at < moment)
        return self._connection.execute(old).rowcount

    def _row(self, card: Card) -> dict[str, Any]:
        plain = msgspec.json.encode({"addresses": card.addresses, "language": card.language})
        return {
            "person": card.person,
            "sealed": self._vault.seal(card.person, plain, CONTEXT),
            "staff": card.staff,
            "stale": card.stale,
            "refreshed_at": card.refreshed_at,
        }

    def _open(self, row: Any) -> Card | None:
        try:
            plain = self._vault.open(row.person, bytes(row.sealed), CONTEXT)
        except CannotOpen:
            return None
        document = msgspec.json.decode(plain)
        addresses = {Channel(name): value for name, value in document["addresses"].items()}
        return Card(
            row.person, addresses, document["language"], row.refreshed_at, row.staff, row.stale
        )
