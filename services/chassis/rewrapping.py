"""Wrapping people's data keys anew by the active key of the ring, while services run.

A data key stays the same, so whoever holds it, or opens it with either key of the ring, goes on
undisturbed. Keys of people who are forgotten meanwhile stay forgotten: only rows that are there
are changed. What was done is committed batch by batch; a run that is cut off is simply run again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from services.chassis.keyring import CannotOpen, KeyRing
from services.chassis.vault import wrapped_for

BATCH = 500

_NEXT = text(
    """
    SELECT person, wrapped FROM person_keys
    WHERE key_id <> :active AND (CAST(:after AS uuid) IS NULL OR person > :after)
    ORDER BY person LIMIT :most FOR UPDATE
    """
)
_PUT = text("UPDATE person_keys SET key_id = :key_id, wrapped = :wrapped WHERE person = :person")
_WRAPPED_BY = text("SELECT key_id, count(*) AS people FROM person_keys GROUP BY key_id")
_IDEMPOTENCY = text(
    """
    SELECT count(*) FROM idempotency WHERE get_byte(answer, 0) = octet_length(:name)
       AND substr(answer, 2, octet_length(:name)) = convert_to(:name, 'UTF8')
    """
)


@dataclass(frozen=True, slots=True)
class Batch:
    """So many data keys wrapped anew, and so many that no key of the ring opens."""

    wrapped: int
    closed: int


def rewrap(engine: Engine, keyring: KeyRing) -> Iterator[Batch]:
    """Wrap all that another key wrapped; each batch is committed before it is given."""
    after: UUID | None = None
    while True:
        with engine.begin() as connection:
            page = {"active": keyring.active, "after": after, "most": BATCH}
            rows = connection.execute(_NEXT, page).all()
            closed = sum(not _wrap(connection, row.person, row.wrapped, keyring) for row in rows)
        if not rows:
            return
        after = rows[-1].person
        yield Batch(len(rows) - closed, closed)


def _wrap(connection: Connection, person: UUID, wrapped: bytes, keyring: KeyRing) -> bool:
    try:
        key = keyring.open(bytes(wrapped), wrapped_for(person))
    except CannotOpen:
        return False
    anew = keyring.seal(key, wrapped_for(person))
    values = {"person": person, "key_id": keyring.active, "wrapped": anew}
    connection.execute(_PUT, values)
    return True


def wrapped_by(connection: Connection) -> dict[str, int]:
    """How many data keys each key of the ring wraps."""
    return {row.key_id: row.people for row in connection.execute(_WRAPPED_BY)}


def kept_answers(connection: Connection, name: str) -> int:
    """Answers to idempotency keys that this key sealed; they lapse within a day by themselves."""
    return int(connection.execute(_IDEMPOTENCY, {"name": name}).scalar_one())
