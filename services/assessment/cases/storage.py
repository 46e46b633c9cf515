"""Crisis cases as rows: at most one open case a person, which the database sees to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from services.assessment.cases.domain import Flag, OpenCase

SAME_SIGNAL_SECONDS = 60

_JOIN = text(
    """
    INSERT INTO crisis_cases (case_id, person, signal) VALUES (:case, :person, :signal)
    ON CONFLICT (person) WHERE closed_at IS NULL DO UPDATE
    SET signal = EXCLUDED.signal, signalled_at = now()
    WHERE crisis_cases.signal <> EXCLUDED.signal
       OR crisis_cases.signalled_at < now() - make_interval(secs => :seconds)
    RETURNING case_id
    """
)
_OPEN_OF = text("SELECT case_id FROM crisis_cases WHERE person = :person AND closed_at IS NULL")
_SIGNAL = text("UPDATE crisis_cases SET signalled_at = now() WHERE case_id = :case")
_CLOSE = text(
    "UPDATE crisis_cases SET closed_at = :at"
    " WHERE case_id = :case AND closed_at IS NULL AND signalled_at <= :at"
)
_KNOWN = text("SELECT EXISTS (SELECT 1 FROM crisis_cases WHERE case_id = :case)")


class CrisisCaseRepository:
    """The open case of a person, and cases without one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def join(self, flag: Flag) -> OpenCase:
        """The person's open case, or a new one; one without a person is always new."""
        row = {
            "case": flag.case,
            "person": flag.person,
            "signal": flag.signal,
            "seconds": SAME_SIGNAL_SECONDS,
        }
        joined = self._connection.execute(_JOIN, row).scalar_one_or_none()
        if joined is not None:
            return OpenCase(joined, news=True)
        standing = self._connection.execute(_OPEN_OF, {"person": flag.person}).scalar_one_or_none()
        if standing is None:  # closed between the two statements
            return self.join(flag)
        return OpenCase(standing, news=False)

    def signal(self, case: UUID) -> None:
        """Note that the case got another signal now."""
        self._connection.execute(_SIGNAL, {"case": case})

    def close(self, case: UUID, at: datetime) -> None:
        """Close it, unless a signal came later than that."""
        self._connection.execute(_CLOSE, {"case": case, "at": at})

    def exists(self, case: UUID) -> bool:
        """Whether this service ever opened it."""
        return bool(self._connection.execute(_KNOWN, {"case": case}).scalar_one())
