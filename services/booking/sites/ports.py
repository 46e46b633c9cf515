"""What the use cases of sites need."""

from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

from services.booking.experts.ports import Counsellors
from services.booking.ports import Work
from services.booking.sites.domain import Room, Site


class Sites(Protocol):
    """Sites and their rooms."""

    def get(self, site: UUID) -> Site:
        """The site; raises SiteNotFound."""
        ...

    def units(self, sites: Iterable[UUID]) -> dict[UUID, str]:
        """The units of those among these that are active sites."""
        ...

    def missing(self, sites: Iterable[UUID]) -> set[UUID]:
        """Those ids among these that are no active site."""
        ...

    def add(self, site: Site) -> None: ...

    def save(self, site: Site) -> None: ...

    def get_room(self, site: UUID, room: UUID) -> Room:
        """The room; raises RoomNotFound."""
        ...

    def rooms_of(self, sites: Iterable[UUID]) -> list[Room]:
        """Every room of these sites, in the order of their names."""
        ...

    def add_room(self, room: Room) -> None:
        """Raises RoomNameTaken."""
        ...

    def save_room(self, room: Room) -> None:
        """Raises RoomNameTaken."""
        ...


class SiteWork(Work, Protocol):
    """The part of the unit of work that sites use."""

    @property
    def sites(self) -> Sites: ...

    @property
    def counsellors(self) -> Counsellors: ...
