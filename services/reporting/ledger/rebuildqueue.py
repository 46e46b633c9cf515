"""Rebuilds somebody asked for, and how far they are."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, text

_ASK = text("INSERT INTO rebuilds (id) VALUES (:id)")
_PROGRESS = text("UPDATE rebuilds SET done = :done, total = :total WHERE id = :id")
_FINISH = text("UPDATE rebuilds SET finished_at = now() WHERE id = :id")
_SHOW = text("SELECT id, asked_at, finished_at, done, total FROM rebuilds WHERE id = :id")


class RebuildRepository:
    """The list of rebuilds."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, rebuild_id: UUID) -> None:
        """Note that one is wanted."""
        self._connection.execute(_ASK, {"id": rebuild_id})

    def finish(self, rebuild_id: UUID) -> None:
        """Note that it is done."""
        self._connection.execute(_FINISH, {"id": rebuild_id})


def note_progress(engine: Engine, rebuild_id: UUID, done: int, total: int) -> None:
    """Show how far it is, whatever becomes of it."""
    with engine.begin() as connection:
        connection.execute(_PROGRESS, {"id": rebuild_id, "done": done, "total": total})


def show_rebuild(connection: Connection, rebuild_id: UUID) -> Mapping[str, Any] | None:
    """How far it is; None where there is none of that id."""
    row = connection.execute(_SHOW, {"id": rebuild_id}).mappings().first()
    return dict(row) if row else None
