"""The one access table: what it grants, and what nobody is ever granted."""

from uuid import uuid4

import pytest

from services.chassis.access import ACCESS, INTERNAL, Principal, Role, Scope

ADMINS = {Role.UNIT_ADMIN, Role.DISTRICT_ADMIN, Role.CITY_ADMIN}
ABOUT_ONE_PERSON = ("response.", "sitting.", "case.", "help-request.", "offer.", "message.")


def someone(*roles: Role, unit: str = "wh/hc") -> Principal:
    return Principal(uuid4(), frozenset(roles), unit)


def test_the_widest_of_several_roles_counts() -> None:
    for action, grants in ACCESS.items():
        everybody = someone(*Role)
        widest = max(grants.values(), key=list(Scope).index)
        assert everybody.scope_of(action) is widest, action


def test_a_role_without_a_grant_is_not_allowed_anything() -> None:
    for action, grants in ACCESS.items():
        for role in Role:
            assert someone(role).scope_of(action) == grants.get(role), (action, role)


def test_nobody_is_granted_the_internal_action_or_an_unknown_one() -> None:
    assert someone(*Role).scope_of(INTERNAL) is None
    assert someone(*Role).scope_of("no.such-action") is None


@pytest.mark.parametrize("role", sorted(ADMINS))
def test_an_administrator_reaches_nothing_about_one_person_but_as_oneself(role: Role) -> None:
    for action, grants in ACCESS.items():
        if action.startswith(ABOUT_ONE_PERSON) and role in grants:
            assert grants[role] is Scope.OWN, action


def test_operations_read_no_content() -> None:
    for action, grants in ACCESS.items():
        if action.startswith(ABOUT_ONE_PERSON) and Role.OPS in grants:
            assert grants[Role.OPS] is Scope.OWN, action


def test_a_temporary_worker_answers_and_reads_nothing() -> None:
    temporary = Principal(uuid4(), frozenset({Role.WORKER}), "wh/hc", temporary=True)

    assert temporary.scope_of("response.submit") is Scope.OWN
    for action in ("response.read", "offer.list", "appointment.read", "message.list"):
        assert temporary.scope_of(action) is None


def test_a_subtree_is_a_unit_and_what_lies_below_it() -> None:
    admin = someone(Role.UNIT_ADMIN, unit="wh/hc")

    assert admin.covers("wh/hc")
    assert admin.covers("wh/hc/e0001")
    assert not admin.covers("wh/hcx")
    assert not admin.covers("wh")
