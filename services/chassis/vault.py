"""Encryption per person: each has a data key, wrapped by the key ring; without it nothing opens."""

import os
from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection, text

from services.chassis.keyring import KEY_BYTES, CannotOpen, KeyRing, open_with, seal_with

_FIND = text("SELECT wrapped FROM person_keys WHERE person = :person")
_FIND_OR_MAKE = text(
    """
    WITH made AS (
        INSERT INTO person_keys (person, key_id, wrapped) VALUES (:person, :key_id, :wrapped)
        ON CONFLICT (person) DO NOTHING RETURNING wrapped
    )
    SELECT wrapped FROM made
    UNION ALL SELECT wrapped FROM person_keys WHERE person = :person
    LIMIT 1
    """
)
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
            return self._keyring.seal(plaintext, context)
        return seal_with(self._key(person), plaintext, _bound(person, context))

    def open(self, person: UUID | None, sealed: bytes, context: str) -> bytes:
        """The plaintext; raises CannotOpen."""
        if person is None:
            return self._keyring.open(sealed, context)
        return open_with(self._known_key(person), sealed, _bound(person, context))

    def forget(self, person: UUID) -> None:
        """Destroy the person's key: what it sealed stays closed for ever, in backups as well."""
        self._connection.execute(_FORGET, {"person": person})
        self._keys.pop(person, None)

    def _known_key(self, person: UUID) -> bytes:
        if person not in self._keys:
            wrapped = self._connection.execute(_FIND, {"person": person}).scalar_one_or_none()
            if wrapped is None:
                raise CannotOpen
            self._keys[person] = self._unwrap(person, wrapped)
        return self._keys[person]

    def _key(self, person: UUID) -> bytes:
        if person not in self._keys:
            wrapped = self._keyring.seal(os.urandom(KEY_BYTES), f"person-key:{person}")
            row = {"person": person, "key_id": self._keyring.active, "wrapped": wrapped}
            kept = self._connection.execute(_FIND_OR_MAKE, row).scalar_one_or_none()
            if kept is None:  # another transaction made it between our snapshot and our insert
                return self._known_key(person)
            self._keys[person] = self._unwrap(person, kept)
        return self._keys[person]

    def _unwrap(self, person: UUID, wrapped: bytes) -> bytes:
        return self._keyring.open(bytes(wrapped), f"person-key:{person}")


def _bound(person: UUID, context: str) -> bytes:
    return f"{context}\0{person}".encode()
