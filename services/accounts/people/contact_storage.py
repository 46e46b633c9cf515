"""Contact points in the database: addresses sealed, phones found by keyed digest."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    delete,
    insert,
    select,
    text,
)

from services.accounts.people.contact_points import ContactPoint
from services.accounts.people.identifiers import phone
from services.accounts.people.storage import Digest, identifier_digest, identifiers
from services.accounts.tables import metadata
from services.chassis.vault import Vault
from services.contracts.notification import Channel

SEALED_AS = "contact-point"

contact_points = Table(
    "contact_points",
    metadata,
    Column("person", ForeignKey("people.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", LargeBinary, nullable=False),
    Column("confirmed", Boolean, nullable=False, server_default=text("false")),
    PrimaryKeyConstraint("person", "channel", name="pk_contact_points"),
    CheckConstraint("channel IN ('email', 'sms')", name="channel"),
)


class ContactPointRepository:
    """Contact points of one transaction."""

    def __init__(self, connection: Connection, vault: Vault, digest: Digest) -> None:
        self._connection, self._vault, self._digest = connection, vault, digest

    def of(self, person: UUID) -> Sequence[ContactPoint]:
        """The person's, opened."""
        return self.of_many([person]).get(person, [])

    def of_many(self, people: Collection[UUID]) -> Mapping[UUID, Sequence[ContactPoint]]:
        """The same of many; who has none is absent."""
        query = select(contact_points).where(contact_points.c.person.in_(people))
        found: dict[UUID, list[ContactPoint]] = defaultdict(list)
        for row in self._connection.execute(query.order_by(contact_points.c.channel)):
            address = self._vault.open(row.person, bytes(row.address), SEALED_AS).decode()
            point = ContactPoint(Channel(row.channel), address, row.confirmed)
            found[row.person].append(point)
        return found

    def add_many(self, points: Mapping[UUID, Sequence[ContactPoint]]) -> None:
        """The first ones of new people."""
        rows = [self._row(person, point) for person, mine in points.items() for point in mine]
        if rows:
            self._connection.execute(insert(contact_points), rows)
        phones = [
            {
                "kind": "phone",
                "digest": identifier_digest(phone(point.address), self._digest),
                "person": person,
            }
            for person, mine in points.items()
            for point in mine
            if point.channel is Channel.SMS
        ]
        if phones:
            self._connection.execute(insert(identifiers), phones)

    def replace(self, person: UUID, points: Sequence[ContactPoint]) -> None:
        """These and no others from now on."""
        self._connection.execute(delete(contact_points).where(contact_points.c.person == person))
        mine = (identifiers.c.person == person) & (identifiers.c.kind == "phone")
        self._connection.execute(delete(identifiers).where(mine))
        self.add_many({person: points})

    def _row(self, person: UUID, point: ContactPoint) -> dict[str, Any]:
        sealed = self._vault.seal(person, point.address.encode(), SEALED_AS)
        return {
            "person": person,
            "channel": point.channel.value,
            "address": sealed,
            "confirmed": point.confirmed,
        }
