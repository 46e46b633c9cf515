"""Consent as rows that are closed, never deleted."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from services.assessment.consent.domain import Consent
from services.assessment.consent.texts import Purpose
from services.chassis.statements import fetch

GRANT = """
    INSERT INTO consents (id, person, purpose, version, text_hash)
    VALUES (%(consent)s, %(person)s, %(purpose)s, %(consent_version)s, %(text_hash)s)
    ON CONFLICT (person, purpose, version) WHERE withdrawn_at IS NULL DO NOTHING
    RETURNING id
"""
_WITHDRAW = text(
    """
    UPDATE consents SET withdrawn_at = now()
    WHERE person = :person AND purpose = :purpose AND withdrawn_at IS NULL
    RETURNING version
    """
)
_LATEST = text(
    """
    SELECT DISTINCT ON (purpose) purpose, version, granted_at, withdrawn_at
    FROM consents WHERE person = :person
    ORDER BY purpose, granted_at DESC, withdrawn_at DESC NULLS FIRST
    """
)


def granting(purpose: Purpose) -> dict[str, object]:
    """What GRANT needs, beside the person."""
    return {
        "consent": uuid4(),
        "purpose": purpose.id,
        "consent_version": purpose.version,
        "text_hash": purpose.text_hash,
    }


class ConsentRepository:
    """The agreements of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def grant(self, person: UUID, purpose: Purpose) -> bool:
        """Note the agreement to the present wording; False where it stood already."""
        row = {"person": person, **granting(purpose)}
        return bool(fetch(self._connection, GRANT, row))

    def withdraw(self, person: UUID, purpose_id: str) -> Sequence[str]:
        """End every standing agreement to the purpose; returns the versions they were to."""
        row = {"person": person, "purpose": purpose_id}
        return list(self._connection.execute(_WITHDRAW, row).scalars())

    def latest(self, person: UUID) -> Sequence[Consent]:
        """The newest agreement to each purpose, withdrawn or not."""
        return [
            Consent(
                purpose=row.purpose,
                version=row.version,
                granted_at=row.granted_at,
                withdrawn_at=row.withdrawn_at,
            )
            for row in self._connection.execute(_LATEST, {"person": person})
        ]
