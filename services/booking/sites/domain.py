"""Sites: the places of the four-level network, and the rooms in them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.chassis.access import Principal, Scope
from services.chassis.errors import Conflict, NotAllowed, NotFound


class SiteLevel(StrEnum):
    """The four levels of the network."""

    CITY_CENTRE = "city-centre"
    DISTRICT_BRANCH = "district-branch"
    STATION = "station"
    ENTERPRISE_ROOM = "enterprise-room"


class RoomKind(StrEnum):
    """What a room is furnished for."""

    COUNSELLING = "counselling"
    GROUP = "group"
    SAND_TRAY = "sand-tray"
    MUSIC = "music"
    RELAXATION = "relaxation"


class SiteNotFound(NotFound):
    """No such site."""

    code = "site-not-found"


class RoomNotFound(NotFound):
    """No such room at this site."""

    code = "room-not-found"


class OutsideYourUnit(NotAllowed):
    """The unit lies outside the subtree the caller administers."""

    code = "outside-your-unit"


class RoomNameTaken(Conflict):
    """Two rooms of one site cannot share a name."""

    code = "room-name-taken"


@dataclass(kw_only=True)
class Site:
    """A place where sessions are held; it belongs to one unit of the union tree."""

    id: UUID
    name: str
    level: SiteLevel
    unit: str
    address: str
    phone: str
    opened_at: datetime
    active: bool = True


@dataclass(kw_only=True)
class Room:
    """A room of a site; sessions are held in counselling rooms, one at a time."""

    id: UUID
    site: UUID
    name: str
    kind: RoomKind
    equipment: list[str] = field(default_factory=list)
    active: bool = True

    @property
    def holds_sessions(self) -> bool:
        """Whether slots may be planned in it."""
        return self.active and self.kind is RoomKind.COUNSELLING


def administers(principal: Principal, unit: str, *, action: str = "site.write") -> None:
    """Refuse an administrator who acts outside their own subtree."""
    if principal.scope_of(action) is not Scope.CITY and not principal.covers(unit):
        raise OutsideYourUnit(f"{unit} does not belong to {principal.unit}")
