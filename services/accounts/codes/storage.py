"""One-time codes in the database: digests only."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Row,
    Table,
    Text,
    Uuid,
    delete,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from services.accounts.codes.domain import CodePurpose, OneTimeCode
from services.accounts.tables import metadata
from services.chassis.tables import moment

codes = Table(
    "one_time_codes",
    metadata,
    Column("person", ForeignKey("people.id"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("id", Uuid, nullable=False, unique=True),
    Column("digest", LargeBinary, nullable=False),
    moment("expires_at"),
    Column("tries_left", Integer, nullable=False),
    Column("sent_to", LargeBinary),
    PrimaryKeyConstraint("person", "purpose", name="pk_one_time_codes"),
    CheckConstraint("purpose IN ('first-password', 'reset')", name="purpose"),
    CheckConstraint("tries_left >= 0", name="tries_left"),
)


class CodeRepository:
    """Codes of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, person: UUID) -> Sequence[OneTimeCode]:
        """The person's, locked until the end of the transaction."""
        query = select(codes).where(codes.c.person == person).with_for_update()
        return [_code_of(row) for row in self._connection.execute(query)]

    def find(self, code: UUID) -> OneTimeCode | None:
        """The code with this id, unless another has taken its place."""
        row = self._connection.execute(select(codes).where(codes.c.id == code)).one_or_none()
        return _code_of(row) if row else None

    def put(self, code: OneTimeCode) -> None:
        """Store it, in place of an earlier one for the same purpose."""
        values = {
            "id": code.id,
            "digest": code.digest,
            "expires_at": code.expires_at,
            "tries_left": code.tries_left,
            "sent_to": code.sent_to,
        }
        statement = insert(codes).values(person=code.person, purpose=code.purpose.value, **values)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["person", "purpose"], set_=values)
        )

    def drop_all(self, person: UUID) -> None:
        """The person needs none any more."""
        self._connection.execute(delete(codes).where(codes.c.person == person))


def _code_of(row: Row[Any]) -> OneTimeCode:
    return OneTimeCode(
        id=row.id,
        person=row.person,
        purpose=CodePurpose(row.purpose),
        digest=bytes(row.digest),
        expires_at=row.expires_at,
        tries_left=row.tries_left,
        sent_to=bytes(row.sent_to) if row.sent_to is not None else None,
    )
