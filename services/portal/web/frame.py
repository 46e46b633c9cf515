"""What surrounds every page: who is signed in, which pages their roles may open, notices."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Tone = Literal["good", "info", "warm", "alarm"]
ICONS: dict[Tone, str] = {"good": "check", "info": "info", "warm": "alert", "alarm": "alert"}


@dataclass(frozen=True)
class Notice:
    """One sentence above the page."""

    text: str
    tone: Tone = "info"

    @property
    def icon(self) -> str:
        """The sign beside the sentence."""
        return ICONS[self.tone]


@dataclass(frozen=True)
class NavItem:
    """One page of the navigation; `name` is its catalogue key."""

    name: str
    href: str
    icon: str
    current: bool = False
    count: int = 0


@dataclass(frozen=True)
class Door:
    """A part of the portal and the roles that may open it."""

    name: str
    href: str
    icon: str
    roles: frozenset[str]


def _for(*roles: str) -> frozenset[str]:
    return frozenset(roles)


_CARE = _for("worker")
_STATISTICS = _for("district-admin", "city-admin", "clinical-lead")
DOORS: tuple[Door, ...] = (
    Door("duty", "/duty", "bell", _for("duty", "clinical-lead")),
    Door("counselling", "/counselling", "calendar", _for("counsellor")),
    Door("scales", "/scales", "leaf", _CARE),
    Door("appointments", "/appointments", "calendar", _CARE),
    Door("statistics", "/statistics", "chart", _STATISTICS),
    Door("ops", "/ops", "gear", _for("ops", "clinical-lead")),
    Door("subscribers", "/subscribers", "mail", _for("ops")),
    Door("inbox", "/inbox", "mail", _for("worker", "counsellor", "duty")),
)
"""The parts of the portal. What the services refuse stays refused: this only hides."""


def doors_of(roles: Collection[str]) -> tuple[Door, ...]:
    """The parts these roles may open."""
    return tuple(door for door in DOORS if door.roles & set(roles))


def may_open(name: str, roles: Collection[str]) -> bool:
    """May these roles open this part?"""
    return any(door.name == name for door in doors_of(roles))


def navigation(roles: Collection[str], path: str, unread: int = 0) -> tuple[NavItem, ...]:
    """The navigation of a signed-in person: home and at most four more."""
    home = NavItem("home", "/", "home", current=path == "/")
    items = [
        NavItem(
            door.name,
            door.href,
            door.icon,
            current=path == door.href or path.startswith(f"{door.href}/"),
            count=unread if door.name == "inbox" else 0,
        )
        for door in doors_of(roles)
    ]
    return (home, *items[:4])


@dataclass(frozen=True)
class Frame:
    """The `me` of every template."""

    path: str = "/"
    signed_in: bool = False
    name: str = ""
    roles: frozenset[str] = frozenset()
    nav: tuple[NavItem, ...] = ()
    unread: int = 0
    notices: tuple[Notice, ...] = ()
