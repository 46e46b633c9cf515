"""The union's tree: a unit is known by its materialised path, such as `wh/hc/e0123`."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from services.chassis.errors import Conflict, FieldError, NotFound, UnprocessableInput

SEGMENT = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class UnitKind(StrEnum):
    """What sort of organisation a unit is; the documents' recipients are among them."""

    CITY_FEDERATION = "city-federation"
    DISTRICT_UNION = "district-union"
    COUNTY_UNION = "county-union"
    DEVELOPMENT_ZONE_UNION = "development-zone-union"
    BONDED_ZONE_UNION = "bonded-zone-union"
    MUNICIPAL_ORGANS_COMMITTEE = "municipal-organs-committee"
    INDUSTRY_UNION = "industry-union"
    DIRECT_UNIT = "direct-unit"
    TOWNSHIP_UNION = "township-union"
    STREET_UNION = "street-union"
    COMMUNITY = "community"
    ENTERPRISE_UNION = "enterprise-union"
    STATION = "station"


class UnitStatus(StrEnum):
    """Whether a unit still exists; one that ended keeps its path, which old records name."""

    ACTIVE = "active"
    ENDED = "ended"


class UnitNotFound(NotFound):
    """No unit has this path."""

    code = "unit-not-found"
    title = "There is no such unit"


class BadUnit(UnprocessableInput):
    """The unit's own fields are wrong."""

    code = "bad-unit"


class UnitAlreadyThere(Conflict):
    """The path is taken, perhaps by a unit that ended."""

    code = "unit-already-there"
    title = "A unit with this path is there already"


class UnitHasEnded(Conflict):
    """Nothing can be added to a unit that ended."""

    code = "unit-has-ended"
    title = "The unit has ended"


class UnitStillInUse(Conflict):
    """Active units or people are below it."""

    code = "unit-still-in-use"
    title = "Units or people still belong to it"


@dataclass(frozen=True, slots=True)
class Levels:
    """The names a level may have at each depth; the number of depths is the city's choice."""

    depths: tuple[frozenset[str], ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """From `city > district > station|enterprise`; raises ValueError."""
        depths = tuple(
            frozenset(name.strip() for name in depth.split("|")) for depth in text.split(">")
        )
        if any(not SEGMENT.fullmatch(name) for depth in depths for name in depth):
            raise ValueError("expected level names such as: city > district > station|enterprise")
        return cls(depths)

    def check(self, path: str, level: str) -> None:
        """Raise BadUnit unless a unit at this path may have this level."""
        depth = path.count("/")
        if depth >= len(self.depths):
            raise bad_unit("parent", f"the tree has {len(self.depths)} levels", "too-deep")
        if level not in self.depths[depth]:
            allowed = ", ".join(sorted(self.depths[depth]))
            raise bad_unit("level", f"expected one of: {allowed}", "wrong-level")


@dataclass(frozen=True, slots=True)
class UnitChanged:
    """The unit was made, renamed, ended or taken up again."""

    unit: "Unit"


@dataclass(slots=True, kw_only=True)
class Unit:
    """One node of the tree."""

    path: str
    name: str
    level: str
    kind: UnitKind
    status: UnitStatus = UnitStatus.ACTIVE
    events: list[UnitChanged] = field(default_factory=list, compare=False)

    @property
    def parent(self) -> str | None:
        """The path of the unit above; None at the root."""
        return self.path.rpartition("/")[0] or None

    @property
    def active(self) -> bool:
        """Whether people and units may be added to it."""
        return self.status is UnitStatus.ACTIVE

    def describe(self, name: str, kind: UnitKind) -> None:
        """Give it another name or kind."""
        if (name, kind) != (self.name, self.kind):
            self.name, self.kind = checked_name(name), kind
            self.events.append(UnitChanged(self))

    def end(self) -> None:
        """Close it, keeping its path."""
        if self.active:
            self.status = UnitStatus.ENDED
            self.events.append(UnitChanged(self))

    def take_up(self) -> None:
        """Open it again."""
        if not self.active:
            self.status = UnitStatus.ACTIVE
            self.events.append(UnitChanged(self))


def new_unit(
    parent: str | None, segment: str, name: str, level: str, kind: UnitKind, levels: Levels
) -> Unit:
    """A unit below `parent` (None: the root); raises BadUnit."""
    if not SEGMENT.fullmatch(segment):
        raise bad_unit("segment", "1 to 32 small letters, digits or hyphens", "bad-segment")
    path = f"{parent}/{segment}" if parent else segment
    levels.check(path, level)
    unit = Unit(path=path, name=checked_name(name), level=level, kind=kind)
    unit.events.append(UnitChanged(unit))
    return unit


def checked_name(name: str) -> str:
    """The name without outer blanks; raises BadUnit where it is empty, long or unprintable."""
    name = name.strip()
    if not 1 <= len(name) <= 100 or not name.isprintable():
        raise bad_unit("name", "1 to 100 printable characters", "bad-name")
    return name


def bad_unit(field_name: str, message: str, code: str) -> BadUnit:
    """The refusal of one field."""
    return BadUnit(errors=[FieldError(field_name, message, code)])


def is_within(path: str, ancestor: str) -> bool:
    """Whether a path is the ancestor's or below it."""
    return path == ancestor or path.startswith(f"{ancestor}/")
