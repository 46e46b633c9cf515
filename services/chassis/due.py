"""Timers as rows: what must happen at a time survives crashes and happens once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import msgspec
from sqlalchemy import Connection

from services.chassis.statements import postpone

_SET = """
    INSERT INTO timers (kind, key, due_at, payload, correlation_id)
    VALUES (%(kind)s, %(key)s, %(due_at)s, %(payload)s::jsonb, %(correlation_id)s)
    ON CONFLICT (kind, key) DO UPDATE
    SET due_at = EXCLUDED.due_at, payload = EXCLUDED.payload, attempts = 0,
        correlation_id = EXCLUDED.correlation_id
"""
_CANCEL = "DELETE FROM timers WHERE kind = %(kind)s AND key = %(key)s"


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A timer whose time has come, by the database's clock."""

    kind: str
    key: str
    due_at: datetime
    payload: Mapping[str, Any]
    correlation_id: str | None = None


class Timers(Protocol):
    """Sets and cancels timers in the transaction of the change."""

    def set(
        self, kind: str, key: str, due_at: datetime, payload: Mapping[str, Any] | None = None
    ) -> None:
        """Set, or move, the timer of this kind and key."""
        ...

    def cancel(self, kind: str, key: str) -> None:
        """Take it back; nothing happens where there is none."""
        ...


class TimerRows:
    """The timers of one transaction; they continue the loop that set them."""

    def __init__(self, connection: Connection, correlation_id: str) -> None:
        self._connection = connection
        self._correlation_id = correlation_id

    def set(
        self, kind: str, key: str, due_at: datetime, payload: Mapping[str, Any] | None = None
    ) -> None:
        """Set, or move, the timer of this kind and key."""
        row = {
            "kind": kind,
            "key": key,
            "due_at": due_at,
            "payload": msgspec.json.encode(payload or {}).decode(),
            "correlation_id": self._correlation_id,
        }
        postpone(self._connection, _SET, row)

    def cancel(self, kind: str, key: str) -> None:
        """Take it back; nothing happens where there is none."""
        postpone(self._connection, _CANCEL, {"kind": kind, "key": key})
