"""A service's inbox as an operator may see it: what waits and why, never what it says."""

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

# An event's subject may be a person and its unit a small enterprise, so neither is here.
SHOWN = ("type", "time", "source", "dataclass", "correlationid", "causationid", "sequence")

_WAITING = text(
    "SELECT queue, event_id, state, attempts, due_at, error, body, received_at FROM inbox"
    " WHERE state = 'parked' OR (state = 'retry' AND :retrying) ORDER BY received_at"
)
_REPLAY = text(
    "UPDATE inbox SET state = 'retry', attempts = 0, due_at = now()"
    " WHERE state IN ('parked', 'retry') AND queue = :queue AND event_id = :event"
)
_DROP = text(
    "UPDATE inbox SET state = 'done', body = NULL, error = 'dropped'"
    " WHERE state IN ('parked', 'retry') AND queue = :queue AND event_id = :event"
)
_AUDIT = text(
    "INSERT INTO audit (action, subject, reason, correlation_id)"
    " VALUES (:action, :subject, :reason, :correlation)"
)
_STATE = text("SELECT state, attempts, error FROM inbox WHERE queue = :queue AND event_id = :event")


@dataclass(frozen=True, slots=True)
class Found:
    """One event that waits in one queue's inbox."""

    service: str
    queue: str
    event: str
    state: str
    attempts: int
    due_at: datetime | None
    reason: str
    received_at: datetime
    attributes: dict[str, str]

    def words(self) -> dict[str, Any]:
        """What is printed."""
        return {
            "event": self.event,
            "queue": self.queue,
            "type": self.attributes.get("type", "?"),
            "state": self.state,
            "attempts": self.attempts,
            "reason": self.reason,
            "received": f"{self.received_at:%Y-%m-%d %H:%M:%S}",
            "due": self.due_at.isoformat() if self.due_at and self.state == "retry" else None,
            "correlation": self.attributes.get("correlationid", ""),
        }


@dataclass(frozen=True, slots=True)
class Came:
    """What became of a replayed event so far."""

    state: str
    attempts: int
    reason: str

    @property
    def pending(self) -> bool:
        """Nobody has tried yet."""
        return self.state == "retry" and self.attempts == 0

    @property
    def took_effect(self) -> bool:
        """It did."""
        return self.state == "done"

    @property
    def text(self) -> str:
        """In words."""
        if self.took_effect:
            return "took effect"
        if self.pending:
            return "not tried yet: does the service run?"
        again = "parked again" if self.state == "parked" else "failed again, tried later"
        return f"{again}: {self.reason}"


class InboxRows:
    """The inbox of one service."""

    def __init__(self, service: str, url: str) -> None:
        self._service = service
        self._engine = create_engine(url, poolclass=NullPool, hide_parameters=True)

    def waiting(self, *, retrying: bool = False) -> Sequence[Found]:
        """What is parked (and what waits for a retry), the oldest first."""
        with self._begun() as connection:
            rows = connection.execute(_WAITING, {"retrying": retrying}).all()
        return [
            Found(
                service=self._service,
                queue=row.queue,
                event=str(row.event_id),
                state=row.state,
                attempts=row.attempts,
                due_at=row.due_at,
                reason=row.error or "",
                received_at=row.received_at,
                attributes=_shown(row.body),
            )
            for row in rows
        ]

    def replay(self, found: Found, reason: str) -> None:
        """It is due at once, with all its retries before it."""
        self._decide(_REPLAY, "replay", found, reason)

    def drop(self, found: Found, reason: str) -> None:
        """It never takes effect; its data are gone."""
        self._decide(_DROP, "drop", found, reason)

    def state_of(self, found: Found) -> Came:
        """What became of it."""
        with self._begun() as connection:
            row = connection.execute(_STATE, _key(found)).one()
        return Came(row.state, row.attempts, row.error or "")

    def _decide(self, statement: Any, action: str, found: Found, reason: str) -> None:
        note = {
            "action": f"parked.{action}",
            "subject": found.event,
            "reason": reason,
            "correlation": found.attributes.get("correlationid", ""),
        }
        with self._begun() as connection:
            connection.execute(statement, _key(found))
            connection.execute(_AUDIT, note)

    def _begun(self) -> AbstractContextManager[Connection]:
        return self._engine.begin()


def _key(found: Found) -> dict[str, str]:
    return {"queue": found.queue, "event": found.event}


def _shown(body: Any) -> dict[str, str]:
    try:
        envelope = json.loads(bytes(body)) if body else {}
    except ValueError:
        return {}
    return {name: str(envelope[name]) for name in SHOWN if name in envelope}
