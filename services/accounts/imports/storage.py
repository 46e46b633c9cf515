"""Imports in the database."""

import dataclasses

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    Table,
    Uuid,
    insert,
    text,
)

from services.accounts.imports.ports import ImportDone
from services.accounts.tables import metadata
from services.chassis.tables import moment

LOCK = 0x696D706F

imports = Table(
    "imports",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("by", Uuid),
    moment("at"),
    Column("digest", LargeBinary, nullable=False),
    Column("created", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Index("ix_imports_at", "at", "id"),
)


class ImportRepository:
    """Imports of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self) -> None:
        """Let no other import look anybody up until the end of the transaction."""
        self._connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})

    def add(self, done: ImportDone) -> None:
        """Note one."""
        values = {field.name: getattr(done, field.name) for field in dataclasses.fields(done)}
        self._connection.execute(insert(imports).values(**values))
