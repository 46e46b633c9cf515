"""The tree in the database."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Row,
    Table,
    Text,
    insert,
    select,
    text,
    update,
)

from services.accounts.tables import metadata
from services.accounts.units.domain import Unit, UnitKind, UnitNotFound, UnitStatus

units = Table(
    "units",
    metadata,
    Column("path", Text, primary_key=True),
    Column("parent", ForeignKey("units.path")),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    CheckConstraint("status IN ('active', 'ended')", name="status"),
    Index("ix_units_parent", "parent", "path"),
)

_IN_USE = text(
    """
    SELECT EXISTS (SELECT 1 FROM units WHERE parent = :path AND status = 'active')
        OR EXISTS (SELECT 1 FROM people WHERE unit = :path AND status = 'active')
        OR EXISTS (SELECT 1 FROM people WHERE scope = :path AND status = 'active')
    """
)


class UnitRepository:
    """Units of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, path: str) -> Unit | None:
        """The unit at this path, locked until the end of the transaction."""
        query = select(units).where(units.c.path == path).with_for_update()
        row = self._connection.execute(query).one_or_none()
        return unit_of(row) if row else None

    def get(self, path: str) -> Unit:
        """The same; raises UnitNotFound."""
        unit = self.find(path)
        if unit is None:
            raise UnitNotFound
        return unit

    def names(self, paths: Collection[str]) -> Mapping[str, Unit]:
        """The units there are among these paths."""
        rows = self._connection.execute(select(units).where(units.c.path.in_(paths)))
        return {row.path: unit_of(row) for row in rows}

    def in_use(self, path: str) -> bool:
        """Whether active units are below it or active people belong to it."""
        return bool(self._connection.execute(_IN_USE, {"path": path}).scalar_one())

    def add(self, unit: Unit) -> None:
        """Store a new one."""
        self._connection.execute(insert(units).values(**_values(unit)))

    def save(self, unit: Unit) -> None:
        """Store its present state."""
        statement = update(units).where(units.c.path == unit.path).values(**_values(unit))
        self._connection.execute(statement)


def _values(unit: Unit) -> dict[str, Any]:
    return {
        "path": unit.path,
        "parent": unit.parent,
        "name": unit.name,
        "level": unit.level,
        "kind": unit.kind.value,
        "status": unit.status.value,
    }


def unit_of(row: Row[Any]) -> Unit:
    """A row as a unit."""
    return Unit(
        path=row.path,
        name=row.name,
        level=row.level,
        kind=UnitKind(row.kind),
        status=UnitStatus(row.status),
    )
