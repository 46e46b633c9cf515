"""Encryption per person: each has a data key, wrapped by the key ring; without it nothing opens.

What belongs to nobody is sealed by a data key of the service, which stands among the people's
under an id of zeros. So the ring wraps data keys and nothing else, and rotating it means wrapping
those anew, whatever tables there are. (Older rows that the ring itself sealed still open.)
"""

import os
from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection, text

from services.chassis.keyring import KEY_BYTES, CannotOpen, KeyRing, open_with, seal_with
from services.chassis.statements import fetch

SERVICE = UUID(int=0)
BY_DATA_KEY = b"\0"  # a ring writes the length of its key's name here, which is never zero

_FIND = "SELECT wrapped FROM person_keys WHERE person = %(person)s"
_FIND_OR_MAKE = """
    WITH made AS (
        INSERT INTO person_keys (person, key_id, wrapped)
        VALUES (%(person)s, %(key_id)s, %(wrapped)s)
        ON CONFLICT (person) DO NOTHING RETURNING wrapped
    )
    SELECT wrapped FROM made
    UNION ALL SELECT wrapped FROM person_keys WHERE person = %(person)s
    LIMIT 1
"""
_FORGET = text("DELETE FROM person_keys WHERE person = :person")


class Vault(Protocol):
    """Seals and opens bytes that belong to a person (or, with none, to the service)."""

    def seal(self, person: UUID | None, plaintext: bytes, context: str) -> bytes:
        """Sealed bytes that open with the same person and context only."""
        ...

    def open(self, person: UUID | None, sealed: bytes, context: str) -> bytes:
        """The plaintext; raises CannotOpen, also after the person's key was destroyed."""
        ...


class PersonVault:
    """The vault of one transaction."""

    def __init__(self, connection: Connection, keyring: KeyRing) -> None:
        self._connection = connection
        self._keyring = keyring
        self._keys: dict[UUID, bytes] = {}

    def seal(self, person: UUID | None, plaintext: bytes, context: str) -> bytes:
        """Sealed bytes; makes the person's key where there is none."""
        if person is None:
            return BY_DATA_KEY + self.seal(SERVICE, plaintext, context)
        return seal_with(self._key(person), plaintext, _bound(person, context))

    def open(self, person: UUID | None, sealed: bytes, context: str) -> bytes:
        """The plaintext; raises CannotOpen."""
        if person is None and sealed.startswith(BY_DATA_KEY):
            return self.open(SERVICE, sealed[len(BY_DATA_KEY) :], context)
        if person is None:
            return self._keyring.open(sealed, context)
        return open_with(self._known_key(person), sealed, _bound(person, context))

    def forget(self, person: UUID) -> None:
        """Destroy the person's key: what it sealed stays closed for ever, in backups as well."""
        self._connection.execute(_FORGET, {"person": person})
        self._keys.pop(person, None)

    def _known_key(self, person: UUID) -> bytes:
        if person not in self._keys:
            found = fetch(self._connection, _FIND, {"person": person})
            if not found:
                raise CannotOpen
            self._keys[person] = self._unwrap(person, found[0].wrapped)
        return self._keys[person]

    def _key(self, person: UUID) -> bytes:
        if person not in self._keys:
            wrapped = self._keyring.seal(os.urandom(KEY_BYTES), wrapped_for(person))
            row = {"person": person, "key_id": self._keyring.active, "wrapped": wrapped}
            found = fetch(self._connection, _FIND_OR_MAKE, row)
            if not found:  # another transaction made it between our snapshot and our insert
                return self._known_key(person)
            self._keys[person] = self._unwrap(person, found[0].wrapped)
        return self._keys[person]

    def _unwrap(self, person: UUID, wrapped: bytes) -> bytes:
        return self._keyring.open(bytes(wrapped), wrapped_for(person))


def wrapped_for(person: UUID) -> str:
    """What a wrapped data key is bound to."""
    return f"person-key:{person}"


def _bound(person: UUID, context: str) -> bytes:
    return f"{context}\0{person}".encode()
