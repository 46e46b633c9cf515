"""Routes of sites and rooms."""

from typing import Any
from uuid import UUID, uuid4

from services.booking.sites.domain import (
    OutsideYourUnit,
    Room,
    RoomNameTaken,
    RoomNotFound,
    Site,
    SiteNotFound,
)
from services.booking.sites.queries import list_sites, one_site, rooms_of_site
from services.booking.sites.schemas import (
    AddRoomSchema,
    ChangeRoomSchema,
    ChangeSiteSchema,
    OpenSiteSchema,
    RoomListSchema,
    RoomSchema,
    SiteListSchema,
    SiteQuerySchema,
    SiteSchema,
)
from services.booking.sites.usecases import (
    AddRoom,
    ChangeRoom,
    ChangeSite,
    OpenSite,
    add_room,
    change_room,
    change_site,
    open_site,
)
from services.booking.wiring import BookingUnitOfWork, BookingUnitOfWorkProvider
from services.chassis.clock import Clock
from services.chassis.container import ClockProvider
from services.chassis.database import Database, DatabaseProvider
from services.chassis.http import Request, http

SITES = "/api/booking/v1/sites"
SITE = f"{SITES}/<uuid:site_id>"
ROOMS = f"{SITE}/rooms"
ROOM = f"{ROOMS}/<uuid:room_id>"


class SiteEntrypoints:
    """Places and rooms."""

    uow: BookingUnitOfWork = BookingUnitOfWorkProvider()
    database: Database = DatabaseProvider()
    clock: Clock = ClockProvider()

    @http(
        "GET",
        SITES,
        action="site.list",
        query=SiteQuerySchema,
        answer=SiteListSchema,
        summary="Sites",
    )
    def list_sites(self, request: Request) -> dict[str, Any]:
        """Open sites."""
        with self.database.reading() as connection:
            return list_sites(connection, request.query)

    @http(
        "GET",
        SITE,
        action="site.list",
        answer=SiteSchema,
        errors=(SiteNotFound,),
        summary="A site",
    )
    def show_site(self, _request: Request, site_id: UUID) -> dict[str, Any]:
        """One site."""
        with self.database.reading() as connection:
            return one_site(connection, site_id)

    @http(
        "POST",
        SITES,
        action="site.write",
        body=OpenSiteSchema,
        answer=SiteSchema,
        status=201,
        errors=(OutsideYourUnit,),
        summary="Open a site",
    )
    def open_site(self, request: Request) -> Site:
        """Within the administrator's subtree."""
        command = OpenSite(site=uuid4(), by=request.principal, **request.data)
        return open_site(command, uow=self.uow, clock=self.clock)

    @http(
        "PATCH",
        SITE,
        action="site.write",
        body=ChangeSiteSchema,
        answer=SiteSchema,
        errors=(SiteNotFound, OutsideYourUnit),
        summary="Change or close a site",
    )
    def change_site(self, request: Request, site_id: UUID) -> Site:
        """Slots at a site that closes are withdrawn by the next sweep."""
        command = ChangeSite(site=site_id, by=request.principal, changes=request.data)
        return change_site(command, uow=self.uow)

    @http(
        "GET",
        ROOMS,
        action="site.list",
        answer=RoomListSchema,
        errors=(SiteNotFound,),
        summary="A site's rooms",
    )
    def list_rooms(self, _request: Request, site_id: UUID) -> dict[str, Any]:
        """All of them, closed ones too."""
        with self.database.reading() as connection:
            return rooms_of_site(connection, site_id)

    @http(
        "POST",
        ROOMS,
        action="site.write",
        body=AddRoomSchema,
        answer=RoomSchema,
        status=201,
        errors=(SiteNotFound, OutsideYourUnit, RoomNameTaken),
        summary="Add a room",
    )
    def add_room(self, request: Request, site_id: UUID) -> Room:
        """Counselling rooms are given to sessions in person."""
        command = AddRoom(room=uuid4(), site=site_id, by=request.principal, **request.data)
        return add_room(command, uow=self.uow)

    @http(
        "PATCH",
        ROOM,
        action="site.write",
        body=ChangeRoomSchema,
        answer=RoomSchema,
        errors=(SiteNotFound, RoomNotFound, OutsideYourUnit, RoomNameTaken),
        summary="Change or close a room",
    )
    def change_room(self, request: Request, site_id: UUID, room_id: UUID) -> Room:
        """Open slots move to another room by the next sweep."""
        command = ChangeRoom(room=room_id, site=site_id, by=request.principal, changes=request.data)
        return change_room(command, uow=self.uow)
