"""Crisis cases as rows: at most one open case a person, which the database sees to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from services.assessment.cases.domain import Flag

_JOIN = text(
    """
    INSERT INTO crisis_cases (case_id, person) VALUES (:case, :person)
    ON CONFLICT (person) WHERE closed_at IS NULL DO UPDATE SET signalled_at = now()
    RETURNING case_id
    """
)
_SIGNAL = text("UPDATE crisis_cases SET signalled_at = now() WHERE case_id = :case")
_CLOSE = text(
    "UPDATE crisis_cases SET closed_at = :at"
    " WHERE case_id = :case AND closed_at IS NULL AND signalled_at <= :at"
)
_OPEN = text(
    "SELECT EXISTS (SELECT 1 FROM crisis_cases WHERE case_id = :case AND closed_at IS NULL)"
)
_KNOWN = text("SELECT EXISTS (SELECT 1 FROM crisis_cases WHERE case_id = :case)")


class CrisisCaseRepository:
    """The open case of a person, and cases without one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def join(self, flag: Flag) -> UUID:
        """The person's open case, or a new one; one without a person is always new."""
        row = {"case": flag.case, "person": flag.person}
        joined: UUID = self._connection.execute(_JOIN, row).scalar_one()
        return joined

    def signal(self, case: UUID) -> None:
        """Note that the case got another signal now."""
        self._connection.execute(_SIGNAL, {"case": case})

    def close(self, case: UUID, at: datetime) -> None:
        """Close it, unless a signal came later than that."""
        self._connection.execute(_CLOSE, {"case": case, "at": at})

    def is_open(self, case: UUID) -> bool:
        """Whether another signal would join it."""
        return bool(self._connection.execute(_OPEN, {"case": case}).scalar_one())

    def exists(self, case: UUID) -> bool:
        """Whether this service ever opened it."""
        return bool(self._connection.execute(_KNOWN, {"case": case}).scalar_one())
