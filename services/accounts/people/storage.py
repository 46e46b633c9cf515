"""People in the database: the profile sealed, and keyed digests to find them by."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Row,
    Table,
    Text,
    Uuid,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.accounts.people.domain import Person, PersonNotFound, PersonStatus, Profile
from services.accounts.people.identifiers import Identifier, IdentifierKind, handle
from services.accounts.tables import metadata
from services.chassis.access import Role
from services.chassis.tables import moment
from services.chassis.vault import Vault

Digest = Callable[[str, str], bytes]

SEALED_AS = "profile"

people = Table(
    "people",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("unit", ForeignKey("units.path"), nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("scope", ForeignKey("units.path")),
    Column("status", Text, nullable=False),
    Column("temporary", Boolean, nullable=False),
    moment("expires_at", nullable=True),
    Column("language", Text, nullable=False),
    Column("imported", LargeBinary),
    Column("granted_by", ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
    Column("profile", LargeBinary),
    CheckConstraint("status IN ('active', 'ended')", name="status"),
    CheckConstraint("temporary = (expires_at IS NOT NULL)", name="expiry"),
    Index("ix_people_unit", "unit", "id", postgresql_where=text("NOT temporary")),
    Index("ix_people_scope", "scope", postgresql_where=text("scope IS NOT NULL")),
    Index(
        "ix_people_expires_at",
        "expires_at",
        postgresql_where=text("temporary AND status = 'active'"),
    ),
)

identifiers = Table(
    "identifiers",
    metadata,
    Column("kind", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False),
    PrimaryKeyConstraint("digest", "kind", "person", name="pk_identifiers"),
    CheckConstraint("kind IN ('handle', 'phone')", name="kind"),
    Index(
        "uq_identifiers_handle",
        "digest",
        unique=True,
        postgresql_where=text("kind = 'handle'"),
    ),
    Index("ix_identifiers_person", "person", "kind"),
)


class PersonRepository:
    """People of one transaction."""

    def __init__(self, connection: Connection, vault: Vault, digest: Digest) -> None:
        self._connection, self._vault, self._digest = connection, vault, digest

    def get(self, person: UUID) -> Person:
        """The person, locked until the end of the transaction; raises PersonNotFound."""
        found = self.get_many([person])
        if person not in found:
            raise PersonNotFound
        return found[person]

    def get_many(self, wanted: Collection[UUID]) -> Mapping[UUID, Person]:
        """Those of them there are, locked in one order, so that two of these never deadlock."""
        query = select(people).where(people.c.id.in_(wanted)).order_by(people.c.id)
        if not wanted:
            return {}
        rows = self._connection.execute(query.with_for_update())
        return {row.id: person_of(row) for row in rows}

    def add_many(self, new: Sequence[tuple[Person, Profile | None]]) -> None:
        """Store new ones; a temporary person has no profile."""
        if not new:
            return
        rows = [{**_values(person), "profile": self._seal(person, known)} for person, known in new]
        self._connection.execute(insert(people), rows)
        indexed = [row for person, known in new if known for row in self._handles(person.id, known)]
        if indexed:
            self._connection.execute(insert(identifiers), indexed)

    def save(self, person: Person) -> None:
        """Store the person's present state."""
        statement = update(people).where(people.c.id == person.id).values(**_values(person))
        self._connection.execute(statement)

    def profile(self, person: UUID) -> Profile:
        """Name and identifiers, opened."""
        query = select(people.c.profile).where(people.c.id == person)
        sealed = self._connection.execute(query).scalar_one_or_none()
        if sealed is None:
            raise PersonNotFound
        return open_profile(self._vault, person, sealed)

    def save_profile(self, person: UUID, profile: Profile) -> None:
        """Seal name and identifiers, and index what may be looked up."""
        sealed = seal_profile(self._vault, person, profile)
        statement = update(people).where(people.c.id == person).values(profile=sealed)
        self._connection.execute(statement)
        mine = (identifiers.c.person == person) & (identifiers.c.kind == "handle")
        self._connection.execute(delete(identifiers).where(mine))
        if rows := self._handles(person, profile):
            self._connection.execute(insert(identifiers), rows)

    def find(self, wanted: Sequence[Identifier]) -> Mapping[Identifier, Sequence[UUID]]:
        """Whom each identifier belongs to; nobody's are absent."""
        by_digest = {identifier_digest(each, self._digest): each for each in wanted}
        found: dict[Identifier, list[UUID]] = defaultdict(list)
        query = select(identifiers).where(identifiers.c.digest.in_(by_digest))
        for row in self._connection.execute(query) if by_digest else ():
            found[by_digest[bytes(row.digest)]].append(row.person)
        return found

    def end_expired(self, now: datetime) -> int:
        """End the temporary people whose time is over, and say how many they were."""
        over = people.c.temporary & (people.c.status == "active") & (people.c.expires_at <= now)
        statement = update(people).where(over).values(status="ended", roles=[])
        return self._connection.execute(statement).rowcount

    def _seal(self, person: Person, profile: Profile | None) -> bytes | None:
        return seal_profile(self._vault, person.id, profile) if profile else None

    def _handles(self, person: UUID, profile: Profile) -> list[dict[str, Any]]:
        kind = IdentifierKind.HANDLE.value
        digests = {identifier_digest(handle(value), self._digest) for value in profile.handles}
        return [{"kind": kind, "digest": digest, "person": person} for digest in digests]


def identifier_digest(identifier: Identifier, digest: Digest) -> bytes:
    """What an identifier is found by."""
    return digest(identifier.value, f"identifier-{identifier.kind.value}")


def seal_profile(vault: Vault, person: UUID, profile: Profile) -> bytes:
    """The profile as it is stored."""
    return vault.seal(person, msgspec.json.encode(profile), SEALED_AS)


def open_profile(vault: Vault, person: UUID, sealed: bytes) -> Profile:
    """The profile behind stored bytes."""
    return msgspec.json.decode(vault.open(person, bytes(sealed), SEALED_AS), type=Profile)


def _values(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "unit": person.unit,
        "roles": sorted(role.value for role in person.roles),
        "scope": person.scope,
        "status": person.status.value,
        "temporary": person.temporary,
        "expires_at": person.expires_at,
        "language": person.language,
        "imported": person.imported,
        "granted_by": sorted(person.granted_by),
    }


def person_of(row: Row[Any]) -> Person:
    """A row as a person."""
    return Person(
        id=row.id,
        unit=row.unit,
        roles=frozenset(Role(role) for role in row.roles),
        scope=row.scope,
        status=PersonStatus(row.status),
        temporary=row.temporary,
        expires_at=row.expires_at,
        language=row.language,
        imported=bytes(row.imported) if row.imported is not None else None,
        granted_by=frozenset(row.granted_by),
    )
