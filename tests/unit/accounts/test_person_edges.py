"""People at their edges: which roles combine, how far they reach, and what a change announces."""

from uuid import uuid4

import pytest

from services.accounts.people.domain import (
    ContactChanged,
    Person,
    PersonStatus,
    Profile,
    RolesChanged,
    RolesDoNotCombine,
    check_combination,
)
from services.accounts.people.schemas import ContactPointsSchema
from services.chassis.access import Role


def a_person(*roles: Role, **said: object) -> Person:
    given = {"id": uuid4(), "unit": "wh/hc", "roles": frozenset(roles or {Role.WORKER})}
    return Person(**{**given, **said})


STAFF = sorted(set(Role) - {Role.WORKER})


@pytest.mark.parametrize("role", STAFF)
def test_every_role_but_a_workers_makes_one_staff(role: Role) -> None:
    assert a_person(role).staff
    assert not a_person().staff


def test_the_roles_that_take_two_were_decided() -> None:
    assert {role for role in Role if a_person(role).takes_two} == {
        Role.COUNSELLOR,
        Role.DUTY,
        Role.CLINICAL_LEAD,
        Role.DISTRICT_ADMIN,
        Role.CITY_ADMIN,
    }


CARE = (Role.COUNSELLOR, Role.DUTY, Role.CLINICAL_LEAD)
OFFICE = (Role.UNIT_ADMIN, Role.DISTRICT_ADMIN, Role.CITY_ADMIN, Role.OPS)


@pytest.mark.parametrize("care", CARE)
@pytest.mark.parametrize("office", OFFICE)
def test_no_one_account_cares_and_administers(care: Role, office: Role) -> None:
    with pytest.raises(RolesDoNotCombine) as refusal:
        check_combination(frozenset({Role.WORKER, care, office}))

    (error,) = refusal.value.errors
    assert (error.field, error.code) == ("roles", "do-not-combine")
    check_combination(frozenset(CARE))
    check_combination(frozenset(OFFICE))


def test_a_person_is_known_by_the_login_or_the_member_number() -> None:
    both, number, neither = Profile("n", "login", "4711"), Profile("n", None, "4711"), Profile("n")

    assert (both.sign_in_name, both.handles) == ("login", ["login", "4711"])
    assert (number.sign_in_name, number.handles) == ("4711", ["4711"])
    assert (neither.sign_in_name, neither.handles) == (None, [])


def test_roles_hold_for_their_scope_else_for_the_own_unit() -> None:
    assert a_person(Role.DISTRICT_ADMIN, scope="wh").token_unit == "wh"
    assert a_person(Role.DISTRICT_ADMIN).token_unit == "wh/hc"
    assert a_person(scope="wh").token_unit == "wh/hc"


def test_a_change_of_roles_is_announced_where_staff_comes_or_goes() -> None:
    person = a_person()

    person.change_roles([Role.WORKER, Role.DUTY], "wh")
    assert (person.roles, person.scope) == ({Role.WORKER, Role.DUTY}, "wh")
    person.change_roles([Role.WORKER, Role.DUTY], "wh")
    person.change_roles([Role.WORKER], "wh")
    assert (person.roles, person.scope) == ({Role.WORKER}, None)
    person.change_roles([], None)

    assert person.events == [
        RolesChanged(announced=True),
        RolesChanged(announced=True),
        RolesChanged(announced=False),
    ]


def test_another_scope_is_a_change_of_roles() -> None:
    person = a_person(Role.DUTY, scope="wh")

    person.change_roles([Role.DUTY], "wh/hc")

    assert person.events == [RolesChanged(announced=True)]


def test_roles_that_do_not_combine_change_nothing() -> None:
    person = a_person()

    with pytest.raises(RolesDoNotCombine):
        person.change_roles([Role.DUTY, Role.OPS], None)

    assert (person.roles, person.events) == ({Role.WORKER}, [])


def test_staff_without_a_scope_take_their_roles_along() -> None:
    moving, scoped, worker = a_person(Role.DUTY), a_person(Role.DUTY, scope="wh"), a_person()
    for person in (moving, scoped, worker):
        person.move("wh/h")
        assert person.unit == "wh/h"

    assert moving.events == [RolesChanged(announced=True)]
    assert scoped.events == worker.events == []


def test_who_leaves_keeps_nothing() -> None:
    person = a_person(Role.DUTY, scope="wh")
    person.contact_changed()

    person.end()
    person.end()

    assert (person.active, person.status, person.roles) == (False, PersonStatus.ENDED, frozenset())
    assert (person.scope, person.events) == (
        None,
        [ContactChanged(), RolesChanged(announced=True)],
    )


@pytest.mark.parametrize(("language", "known"), [("zh", True), ("en", True), ("fr", False)])
def test_messages_come_in_chinese_or_english(language: str, known: bool) -> None:
    wrong = ContactPointsSchema().validate({"items": [], "language": language})

    assert (not wrong) is known


def test_a_new_person_is_a_worker_who_can_sign_in() -> None:
    person = Person(id=uuid4(), unit="wh")

    assert (person.roles, person.active, person.temporary) == ({Role.WORKER}, True, False)
    assert (person.language, person.granted_by, person.scope) == ("zh", frozenset(), None)
