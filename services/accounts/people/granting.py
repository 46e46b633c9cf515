"""Who may give which roles to whom."""

from services.accounts.people.domain import Person
from services.accounts.units.reach import check_reach
from services.chassis.access import Principal, Role
from services.chassis.errors import NotAllowed

GRANTABLE: dict[Role, frozenset[Role]] = {
    Role.CITY_ADMIN: frozenset(Role),
    Role.DISTRICT_ADMIN: frozenset(
        {Role.WORKER, Role.COUNSELLOR, Role.UNIT_ADMIN, Role.DISTRICT_ADMIN}
    ),
    Role.UNIT_ADMIN: frozenset({Role.WORKER}),
}


class RoleAboveYours(NotAllowed):
    """Nobody gives, or takes, a role above the own."""

    code = "role-above-yours"
    title = "You cannot give or take this role"


class OwnRoles(NotAllowed):
    """Nobody changes the own roles: it takes a second person."""

    code = "own-roles"
    title = "Your own roles are changed by somebody else"


def grantable_by(by: Principal) -> frozenset[Role]:
    """Every role this person may give."""
    return frozenset().union(*(GRANTABLE.get(role, frozenset()) for role in by.roles))


def check_grant(by: Principal, person: Person, roles: frozenset[Role], scope: str) -> None:
    """Raise unless `by` may make the person hold `roles` for `scope`."""
    if by.person == person.id:
        raise OwnRoles
    check_reach(by, scope)
    check_reach(by, person.token_unit)
    changed = roles ^ person.roles
    if not changed <= grantable_by(by) or not person.roles <= grantable_by(by):
        raise RoleAboveYours
