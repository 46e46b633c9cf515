"""Sites and rooms in the database."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError

from services.booking.sites.domain import (
    Room,
    RoomKind,
    RoomNameTaken,
    RoomNotFound,
    Site,
    SiteLevel,
    SiteNotFound,
)
from services.booking.tables import metadata
from services.chassis.statements import broken_rule
from services.chassis.tables import moment

sites = Table(
    "sites",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("phone", Text, nullable=False),
    moment("opened_at"),
    Column("active", Boolean, nullable=False),
    CheckConstraint(
        "level IN ('city-centre', 'district-branch', 'station', 'enterprise-room')", name="level"
    ),
    Index("ix_sites_unit", "unit", "id"),
)

rooms = Table(
    "rooms",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("site", ForeignKey("sites.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("equipment", ARRAY(Text), nullable=False),
    Column("active", Boolean, nullable=False),
    UniqueConstraint("site", "name", name="uq_rooms_site_name"),
)


class SiteRepository:
    """Sites and rooms, rows to domain and back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, site: UUID) -> Site:
        row = self._connection.execute(select(sites).where(sites.c.id == site)).mappings().first()
        if row is None:
            raise SiteNotFound
        return Site(**{**row, "level": SiteLevel(row["level"])})

    def units(self, wanted: Iterable[UUID]) -> dict[UUID, str]:
        query = select(sites.c.id, sites.c.unit).where(sites.c.id.in_(set(wanted)), sites.c.active)
        return {row.id: row.unit for row in self._connection.execute(query)}

    def missing(self, wanted: Iterable[UUID]) -> set[UUID]:
        ids = set(wanted)
        return ids - self.units(ids).keys()

    def add(self, site: Site) -> None:
        self._connection.execute(sites.insert().values(**vars(site)))

    def save(self, site: Site) -> None:
        self._connection.execute(sites.update().where(sites.c.id == site.id).values(**vars(site)))

    def get_room(self, site: UUID, room: UUID) -> Room:
        query = select(rooms).where(rooms.c.id == room, rooms.c.site == site)
        row = self._connection.execute(query).mappings().first()
        if row is None:
            raise RoomNotFound
        return _room(row)

    def rooms_of(self, wanted: Iterable[UUID]) -> list[Room]:
        query = select(rooms).where(rooms.c.site.in_(set(wanted))).order_by(rooms.c.name)
        return [_room(row) for row in self._connection.execute(query).mappings()]

    def add_room(self, room: Room) -> None:
        self._write(rooms.insert().values(**vars(room)))

    def save_room(self, room: Room) -> None:
        self._write(rooms.update().where(rooms.c.id == room.id).values(**vars(room)))

    def _write(self, statement: Any) -> None:
        try:
            self._connection.execute(statement)
        except IntegrityError as error:
            if broken_rule(error) == "uq_rooms_site_name":
                raise RoomNameTaken from error
            raise


def _room(row: Mapping[Any, Any]) -> Room:
    return Room(**{**row, "kind": RoomKind(row["kind"])})
