"""How far an administrator's word reaches: the own part of the tree, and no further."""

from services.accounts.units.domain import is_within
from services.chassis.access import Principal, Role
from services.chassis.errors import NotAllowed


class UnitNotYours(NotAllowed):
    """The unit lies outside the asking person's part of the tree."""

    code = "unit-not-yours"
    title = "The unit is not in your part of the tree"


def reaches(by: Principal, path: str) -> bool:
    """Whether the unit lies in the person's part of the tree."""
    return Role.CITY_ADMIN in by.roles or is_within(path, by.unit)


def check_reach(by: Principal, path: str) -> None:
    """Raise UnitNotYours unless it does."""
    if not reaches(by, path):
        raise UnitNotYours
