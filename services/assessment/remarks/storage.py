"""Remarks as rows, sealed for the person."""

from uuid import UUID

import msgspec
from sqlalchemy import Connection, text

from services.assessment.remarks.domain import Remark, Said
from services.chassis.vault import Vault

_WRITE = text(
    """
    INSERT INTO remarks (response, person, sealed) VALUES (:response, :person, :sealed)
    ON CONFLICT (response) DO UPDATE SET sealed = excluded.sealed, written_at = now()
    RETURNING written_at
    """
)
_OF = text("SELECT * FROM remarks WHERE response = :response AND person = :person")
_DELETE = text("DELETE FROM remarks WHERE response = :response AND person = :person")


class RemarkRepository:
    """The remarks of one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def write(self, response: UUID, person: UUID, said: Said) -> Remark:
        """In the place of an earlier one."""
        sealed = self._vault.seal(person, msgspec.json.encode(said), _context(response))
        row = {"response": response, "person": person, "sealed": sealed}
        written_at = self._connection.execute(_WRITE, row).scalar_one()
        return Remark(said=said, written_at=written_at)

    def of(self, response: UUID, person: UUID) -> Remark | None:
        """What the person said to this result."""
        row = self._connection.execute(_OF, {"response": response, "person": person}).first()
        if row is None:
            return None
        opened = self._vault.open(person, bytes(row.sealed), _context(response))
        return Remark(said=msgspec.json.decode(opened, type=Said), written_at=row.written_at)

    def delete(self, response: UUID, person: UUID) -> bool:
        """Whether there was one."""
        row = {"response": response, "person": person}
        return bool(self._connection.execute(_DELETE, row).rowcount)


def _context(response: UUID) -> str:
    return f"remark:{response}"
