"""Who sees which numbers when (design 9): live views for few, closed editions for everybody else.

Live activity counts from the district level up, for district and city administrators and the
clinical lead; live bands, risk and crisis figures for the clinical lead at city level alone.
"""

from collections.abc import Collection
from dataclasses import dataclass

from services.chassis.access import Principal, Role, Scope
from services.chassis.errors import NotAllowed
from services.reporting.figures.kinds import Kind
from services.reporting.suppression.release import CITY, DISTRICTS
from services.reporting.units import depth_of, root_of, within

ACTIVITY_ROLES = frozenset({Role.DISTRICT_ADMIN, Role.CITY_ADMIN, Role.CLINICAL_LEAD})


class UnitNotYours(NotAllowed):
    """The unit lies outside the part of the tree this person answers for."""

    code = "unit-not-yours"


@dataclass(frozen=True, slots=True)
class Sight:
    """The kinds of numbers somebody sees live at a unit; everything else is read from editions."""

    live: frozenset[Kind]

    def is_live(self, kind: Kind) -> bool:
        """Whether this kind is shown before its month is closed."""
        return kind in self.live


def sight_of(roles: Collection[Role], unit: str) -> Sight:
    """What these roles see live at the unit."""
    live: set[Kind] = set()
    if depth_of(unit) <= DISTRICTS and not ACTIVITY_ROLES.isdisjoint(roles):
        live |= {Kind.ACTIVITY, Kind.PLAIN}
    if depth_of(unit) == CITY and Role.CLINICAL_LEAD in roles:
        live |= {Kind.CLINICAL, Kind.CRISIS}
    return Sight(frozenset(live))


def unit_for(principal: Principal, scope: Scope | None, asked: str | None) -> str:
    """The unit asked for, by default one's own (the city, for who answers for it)."""
    own = root_of(principal.unit) if scope is Scope.CITY else principal.unit
    unit = asked or own
    if not own or not within(unit, own):
        raise UnitNotYours(unit)
    return unit
