"""Signing keys in the database: public halves plain, private halves sealed by the key ring."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, Table, Text, delete, insert, select, text
from sqlalchemy.dialects.postgresql import JSONB

from services.accounts.keys.domain import SigningKey
from services.accounts.tables import metadata
from services.chassis.tables import moment
from services.chassis.vault import Vault

LOCK = 0x6B657973

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("kid", Text, primary_key=True),
    moment("active_from"),
    Column("public", JSONB, nullable=False),
    Column("private", LargeBinary, nullable=False),
)


class SigningKeyRepository:
    """Signing keys of one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    def all(self) -> Sequence[SigningKey]:
        """Every key, opened."""
        rows = self._connection.execute(select(signing_keys)).all()
        return [
            SigningKey(
                kid=row.kid,
                active_from=row.active_from,
                private=self._vault.open(None, bytes(row.private), _context(row.kid)),
                public=row.public,
            )
            for row in rows
        ]

    def lock(self) -> None:
        """Let nobody else make or drop keys until the end of the transaction."""
        self._connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})

    def add(self, key: SigningKey) -> None:
        """Store a new one."""
        values = {
            "kid": key.kid,
            "active_from": key.active_from,
            "public": key.public,
            "private": self._vault.seal(None, key.private, _context(key.kid)),
        }
        self._connection.execute(insert(signing_keys).values(**values))

    def drop(self, kid: str) -> None:
        """Forget one."""
        self._connection.execute(delete(signing_keys).where(signing_keys.c.kid == kid))


def published_keys(connection: Connection) -> list[dict[str, Any]]:
    """The public halves: a key stays until no token it signed can be about."""
    query = select(signing_keys.c.public).order_by(signing_keys.c.active_from)
    return list(connection.execute(query).scalars())


def _context(kid: str) -> str:
    return f"signing-key:{kid}"
