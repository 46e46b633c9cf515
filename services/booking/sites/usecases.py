"""Opening and changing sites and rooms, within the administrator's subtree."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.booking.sites import publishing
from services.booking.sites.domain import Room, RoomKind, Site, SiteLevel, administers
from services.booking.sites.ports import SiteWork
from services.chassis.access import Principal
from services.chassis.clock import Clock


@dataclass(frozen=True, kw_only=True)
class OpenSite:
    """Open a place for counselling."""

    site: UUID
    by: Principal
    name: str
    level: SiteLevel
    unit: str
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class ChangeSite:
    """Change some of a site's attributes."""

    site: UUID
    by: Principal
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AddRoom:
    """Add a room to a site."""

    room: UUID
    site: UUID
    by: Principal
    name: str
    kind: RoomKind
    equipment: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ChangeRoom:
    """Change some of a room's attributes."""

    room: UUID
    site: UUID
    by: Principal
    changes: dict[str, Any] = field(default_factory=dict)


def open_site(command: OpenSite, *, uow: SiteWork, clock: Clock) -> Site:
    """Raises OutsideYourUnit."""
    with uow:
        administers(command.by, command.unit)
        site = Site(
            id=command.site,
            name=command.name,
            level=command.level,
            unit=command.unit,
            address=command.address,
            phone=command.phone,
            opened_at=clock.now(),
        )
        uow.sites.add(site)
        uow.publish(publishing.opened(site), unit=site.unit)
        uow.commit()
    return site


def change_site(command: ChangeSite, *, uow: SiteWork) -> Site:
    """Raises SiteNotFound and OutsideYourUnit."""
    with uow:
        site = uow.sites.get(command.site)
        administers(command.by, site.unit)
        for name, value in command.changes.items():
            setattr(site, name, value)
        uow.sites.save(site)
        uow.counsellors.plan_again(site.id)
        uow.commit()
    return site


def add_room(command: AddRoom, *, uow: SiteWork) -> Room:
    """Raises SiteNotFound, OutsideYourUnit and RoomNameTaken."""
    with uow:
        administers(command.by, uow.sites.get(command.site).unit)
        room = Room(
            id=command.room,
            site=command.site,
            name=command.name,
            kind=command.kind,
            equipment=command.equipment,
        )
        uow.sites.add_room(room)
        uow.counsellors.plan_again(room.site)
        uow.commit()
    return room


def change_room(command: ChangeRoom, *, uow: SiteWork) -> Room:
    """Raises SiteNotFound, RoomNotFound, OutsideYourUnit and RoomNameTaken."""
    with uow:
        administers(command.by, uow.sites.get(command.site).unit)
        room = uow.sites.get_room(command.site, command.room)
        for name, value in command.changes.items():
            setattr(room, name, value)
        uow.sites.save_room(room)
        uow.counsellors.plan_again(room.site)
        uow.commit()
    return room
