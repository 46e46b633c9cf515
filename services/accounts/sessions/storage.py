"""Passwords, sessions and failures in the database."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    delete,
    insert,
    select,
    text,
    update,
)

from services.accounts.sessions.domain import EndReason, Session
from services.accounts.sessions.ports import Credential
from services.accounts.sessions.throttling import Failures
from services.accounts.tables import metadata
from services.chassis.tables import moment

credentials = Table(
    "credentials",
    metadata,
    Column("person", ForeignKey("people.id"), primary_key=True),
    Column("password_hash", Text, nullable=False),
    moment("set_at"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", ForeignKey("people.id"), nullable=False),
    moment("started_at"),
    moment("expires_at"),
    Column("generation", Integer, nullable=False),
    moment("rotated_at", nullable=True),
    Column("ended", Text),
    CheckConstraint("generation >= 0", name="generation"),
    Index("ix_sessions_open", "person", postgresql_where=text("ended IS NULL")),
    Index("ix_sessions_expires_at", "expires_at"),
)

failures = Table(
    "failures",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("failed", Integer, nullable=False),
    moment("last_at"),
    Index("ix_failures_last_at", "last_at"),
)

_REPLACE = text(
    """
    INSERT INTO credentials (person, password_hash, set_at) VALUES (:person, :hash, :now)
    ON CONFLICT (person) DO UPDATE
    SET password_hash = EXCLUDED.password_hash, set_at = EXCLUDED.set_at
    """
)
_COUNT = text(
    """
    INSERT INTO failures (key, failed, last_at) VALUES (:key, 1, :now)
    ON CONFLICT (key) DO UPDATE
    SET failed = CASE WHEN failures.last_at < :forgotten THEN 1 ELSE failures.failed + 1 END,
        last_at = EXCLUDED.last_at
    """
)


class CredentialRepository:
    """Password hashes of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, person: UUID) -> Credential | None:
        """The person's; None before the first password."""
        query = select(credentials).where(credentials.c.person == person)
        row = self._connection.execute(query).one_or_none()
        return Credential(row.password_hash, row.set_at) if row else None

    def replace(self, person: UUID, password_hash: str, now: datetime) -> None:
        """Set it, or set another."""
        self.replace_many({person: password_hash}, now)

    def replace_many(self, hashes: Mapping[UUID, str], now: datetime) -> None:
        """The same for many."""
        rows = [{"person": person, "hash": each, "now": now} for person, each in hashes.items()]
        if rows:
            self._connection.execute(_REPLACE, rows)

    def remove(self, person: UUID) -> None:
        """Let the account be without a password again."""
        self._connection.execute(delete(credentials).where(credentials.c.person == person))

    def missing(self, people: Collection[UUID]) -> set[UUID]:
        """Who of them has none yet."""
        query = select(credentials.c.person).where(credentials.c.person.in_(people))
        return set(people) - set(self._connection.execute(query).scalars() if people else ())


class SessionRepository:
    """Sessions of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, session: UUID) -> Session | None:
        """The session, locked until the end of the transaction."""
        query = select(sessions).where(sessions.c.id == session).with_for_update()
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        ended = EndReason(row.ended) if row.ended else None
        return Session(**{**row._mapping, "ended": ended})

    def add(self, session: Session) -> None:
        """Store a new one."""
        self._connection.execute(insert(sessions).values(**_values(session)))

    def save(self, session: Session) -> None:
        """Store its present state."""
        statement = update(sessions).where(sessions.c.id == session.id)
        self._connection.execute(statement.values(**_values(session)))

    def end_all(self, person: UUID, reason: EndReason, *, but: UUID | None = None) -> None:
        """End every open session of the person."""
        open_ones = (sessions.c.person == person) & sessions.c.ended.is_(None)
        statement = update(sessions).where(open_ones).values(ended=reason.value)
        if but is not None:
            statement = statement.where(sessions.c.id != but)
        self._connection.execute(statement)

    def forget_old(self, before: datetime) -> None:
        """Drop what ended of itself long ago."""
        self._connection.execute(delete(sessions).where(sessions.c.expires_at < before))


class ThrottleRepository:
    """Failures of one transaction, under keyed digests."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, keys: Sequence[bytes]) -> Mapping[bytes, Failures]:
        """What is counted under these keys."""
        rows = self._connection.execute(select(failures).where(failures.c.key.in_(keys)))
        return {bytes(row.key): Failures(row.failed, row.last_at) for row in rows}

    def count(self, keys: Sequence[bytes], now: datetime, forgotten_before: datetime) -> None:
        """One more each; rows are taken in one order, so that two of these never deadlock."""
        for key in sorted(keys):
            values = {"key": key, "now": now, "forgotten": forgotten_before}
            self._connection.execute(_COUNT, values)

    def forget(self, keys: Sequence[bytes]) -> None:
        """Start again at nothing."""
        self._connection.execute(delete(failures).where(failures.c.key.in_(keys)))

    def forget_old(self, before: datetime) -> None:
        """Drop what no limit remembers."""
        self._connection.execute(delete(failures).where(failures.c.last_at < before))


def _values(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "person": session.person,
        "started_at": session.started_at,
        "expires_at": session.expires_at,
        "generation": session.generation,
        "rotated_at": session.rotated_at,
        "ended": session.ended.value if session.ended else None,
    }
