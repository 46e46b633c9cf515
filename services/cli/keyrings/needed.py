"""What still needs an old key of a ring, and sealing anew what the ring itself once sealed.

Since the service has a data key of its own, a ring seals nothing but data keys and the answers to
idempotency keys, which lapse. Rows from before are found by the key's name at their beginning.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, TextClause, text

from services.chassis.keyring import KeyRing
from services.chassis.rewrapping import kept_answers, wrapped_by
from services.chassis.vault import PersonVault


@dataclass(frozen=True, slots=True)
class RingSealed:
    """A column whose older rows a ring sealed, by the row's key column, for this context."""

    table: str
    key: str
    column: str
    context: str


RING_SEALED = {
    "accounts": (RingSealed("signing_keys", "kid", "private", "signing-key:{}"),),
    "assessment": (RingSealed("help_requests", "id", "sealed", "help-request:{}"),),
}
_BY_NAME = (
    "get_byte({0}, 0) = octet_length(:name)"
    " AND substr({0}, 2, octet_length(:name)) = convert_to(:name, 'UTF8')"
)
# Operators' own words stand open in the same column.
_REASONS = text(
    "SELECT count(*) FROM audit WHERE person IS NULL"  # noqa: S608  # a constant
    " AND CASE WHEN reason ~ '^[A-Za-z0-9+/]{40,}={0,2}$' AND length(reason) % 4 = 0 THEN "
    + _BY_NAME.format("decode(reason, 'base64')")
    + " ELSE false END"
)


@dataclass(frozen=True, slots=True)
class Needed:
    """How much a key still opens, by what it is; `lapsing` goes within a day by itself."""

    people: int = 0
    rows: int = 0
    lapsing: int = 0
    reasons: int = 0

    def __str__(self) -> str:
        parts = [
            (self.people, "data keys"),
            (self.rows, "older rows"),
            (self.lapsing, "kept answers (gone within a day)"),
            (self.reasons, "reasons in the audit log"),
        ]
        return ", ".join(f"{number} {what}" for number, what in parts if number) or "nothing"


def needed(connection: Connection, service: str, name: str) -> Needed:
    """What only this key opens."""
    return Needed(
        people=wrapped_by(connection).get(name, 0),
        rows=sum(_count(connection, each, name) for each in RING_SEALED.get(service, ())),
        lapsing=kept_answers(connection, name),
        reasons=int(connection.execute(_REASONS, {"name": name}).scalar_one()),
    )


def seal_anew(engine: Engine, service: str, ring: KeyRing) -> Iterator[int]:
    """Bring what the ring sealed under the service's data key, one commit a row."""
    for place in RING_SEALED.get(service, ()):
        for name in ring.names:
            yield from (_one(engine, place, key, ring) for key in _keys(engine, place, name))


def _count(connection: Connection, place: RingSealed, name: str) -> int:
    return len(connection.execute(_find(place), {"name": name}).all())


def _keys(engine: Engine, place: RingSealed, name: str) -> list[object]:
    with engine.connect() as connection:
        return [row.key for row in connection.execute(_find(place), {"name": name})]


def _find(place: RingSealed) -> TextClause:
    person = " AND person IS NULL" if place.table == "help_requests" else ""
    return text(
        f"SELECT {place.key} AS key FROM {place.table}"  # noqa: S608  # our own names
        f" WHERE {_BY_NAME.format(place.column)}{person}"
    )


def _one(engine: Engine, place: RingSealed, key: object, ring: KeyRing) -> int:
    found = text(
        f"SELECT {place.column} AS sealed FROM {place.table} WHERE {place.key} = :key FOR UPDATE"  # noqa: S608  # our own names
    )
    put = text(f"UPDATE {place.table} SET {place.column} = :sealed WHERE {place.key} = :key")  # noqa: S608  # our own names
    with engine.begin() as connection:
        row = connection.execute(found, {"key": key}).first()
        if row is None:
            return 0
        context = place.context.format(key)
        vault = PersonVault(connection, ring)
        plain = vault.open(None, bytes(row.sealed), context)
        connection.execute(put, {"key": key, "sealed": vault.seal(None, plain, context)})
        return 1
