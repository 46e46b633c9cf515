"""People: identifiers, roles, grants, addresses."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from services.accounts.people.contact_points import (
    BadContactPoint,
    contact_points,
    normal_email,
)
from services.accounts.people.domain import PersonNotFound, PersonStatus, RolesDoNotCombine
from services.accounts.people.granting import OwnRoles, RoleAboveYours
from services.accounts.people.identifiers import (
    normal_login,
    normal_member_no,
    normal_phone,
    sign_in_identifiers,
)
from services.accounts.people.usecases.assign_roles import AssignRoles, assign_roles
from services.accounts.people.usecases.end_person import EndPerson, end_person
from services.accounts.people.usecases.read_contact_points import (
    CaseNotFound,
    CaseState,
    ReadContactPoints,
    read_contact_points,
)
from services.accounts.people.usecases.set_contact_points import (
    SetContactPoints,
    set_contact_points,
)
from services.accounts.sessions.proving import WrongPassword
from services.accounts.sessions.throttling import ACCOUNT, TooManyFailures
from services.accounts.units.reach import UnitNotYours
from services.chassis.access import Principal, Role
from services.chassis.clock import Clock, FixedClock
from services.contracts.accounts import ContactChangedV1, RoleChangedV1
from services.contracts.notification import Channel
from tests.unit.accounts.builders import a_city, a_member, a_session, somebody
from tests.unit.accounts.fakes import NINE, RIGHT, FakePasswords, FakeWork, Looked


@pytest.fixture
def uow() -> FakeWork:
    return a_city(FakeWork())


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("13800000001", "+8613800000001"),
        (" 138 0000-0001 ", "+8613800000001"),
        ("+86 138 0000 0001", "+8613800000001"),
        ("008613800000001", "+8613800000001"),
        ("１３８００００００１１", "+8613800000011"),
        ("(0631) 5212351", "+866315212351"),
    ],
)
def test_a_phone_number_has_one_form(typed: str, normal: str) -> None:
    assert normal_phone(typed) == normal


@pytest.mark.parametrize("typed", ["", "110", "12800000001", "1380000000", "138000000012", "abc"])
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="mobile"):
        normal_phone(typed)


def test_logins_and_member_numbers_have_one_form() -> None:
    assert normal_login(" Worker１ ") == "worker1"
    assert normal_member_no("WH 2025-0001") == "wh2025-0001"
    for wrong in ("", "x", "有", "a b", "-ab", "a" * 33):
        with pytest.raises(ValueError, match="letters"):
            normal_login(wrong)


def test_anything_may_be_typed_into_the_login_field() -> None:
    for typed in ("", " ", "\0", "😀" * 100, "a" * 10_000, "' OR 1=1 --"):
        assert sign_in_identifiers(typed)


@pytest.mark.parametrize("typed", ["a", "a@b", "a b@c.de", "a@c..de", "<a@b.cn>", "a@b.cn,c@d.cn"])
def test_what_is_no_mail_address_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="e-mail"):
        normal_email(typed)


def test_there_is_one_address_a_channel() -> None:
    points = contact_points([(Channel.SMS, "13800000001"), (Channel.EMAIL, "A@Example.ORG")])

    assert [each.address for each in points] == ["+8613800000001", "A@example.org"]
    with pytest.raises(BadContactPoint) as refused:
        contact_points([(Channel.SMS, "1"), (Channel.IN_APP, "x"), (Channel.EMAIL, "y")])
    assert [each.field for each in refused.value.errors] == [
        "items.0.address",
        "items.1.address",
        "items.2.address",
    ]


def grant(
    uow: FakeWork, by: Principal, to: object, *roles: Role, scope: str | None = None
) -> object:
    return assign_roles(AssignRoles(person=to, roles=frozenset(roles), scope=scope, by=by), uow=uow)


def test_a_new_role_is_told_and_its_end_as_well(uow: FakeWork) -> None:
    person = a_member(uow)
    city = somebody(Role.CITY_ADMIN)

    grant(uow, city, person.id, Role.WORKER, Role.DUTY, scope="wh")
    grant(uow, city, person.id, Role.WORKER, Role.DUTY, scope="wh")
    grant(uow, city, person.id, Role.WORKER)

    assert uow.published == [
        RoleChangedV1(person=person.id, roles=("duty", "worker"), scope="wh"),
        RoleChangedV1(person=person.id, roles=("worker",), scope="wh/hc/e1"),
    ]


def test_care_and_administration_do_not_combine(uow: FakeWork) -> None:
    person = a_member(uow)

    for pair in ((Role.COUNSELLOR, Role.UNIT_ADMIN), (Role.CLINICAL_LEAD, Role.OPS)):
        with pytest.raises(RolesDoNotCombine):
            grant(uow, somebody(Role.CITY_ADMIN), person.id, *pair)
    assert grant(uow, somebody(Role.CITY_ADMIN), person.id, Role.COUNSELLOR, Role.DUTY)


@pytest.mark.parametrize("role", [Role.DUTY, Role.CLINICAL_LEAD, Role.CITY_ADMIN, Role.OPS])
def test_a_district_gives_no_role_above_its_own(uow: FakeWork, role: Role) -> None:
    person = a_member(uow)
    lead = a_member(uow, "lead", role, unit="wh/hc")
    district = somebody(Role.DISTRICT_ADMIN, unit="wh/hc")

    with pytest.raises(RoleAboveYours):
        grant(uow, district, person.id, role)
    with pytest.raises(RoleAboveYours):
        grant(uow, district, lead.id, Role.WORKER)
    assert grant(uow, district, person.id, Role.UNIT_ADMIN)


def test_a_district_reaches_neither_other_people_nor_other_units(uow: FakeWork) -> None:
    mine, other = a_member(uow), a_member(uow, "other", unit="wh/kf/e2")
    district = somebody(Role.DISTRICT_ADMIN, unit="wh/hc")

    with pytest.raises(UnitNotYours):
        grant(uow, district, other.id, Role.UNIT_ADMIN)
    with pytest.raises(UnitNotYours):
        grant(uow, district, mine.id, Role.UNIT_ADMIN, scope="wh")


def test_nobody_changes_the_own_roles(uow: FakeWork) -> None:
    admin = a_member(uow, "admin", Role.CITY_ADMIN, unit="wh")
    myself = somebody(Role.CITY_ADMIN, person=admin.id)

    with pytest.raises(OwnRoles):
        grant(uow, myself, admin.id, Role.CLINICAL_LEAD)
    with pytest.raises(OwnRoles):
        end_person(EndPerson(admin.id, myself), uow=uow)


def test_who_leaves_has_no_roles_and_no_session(uow: FakeWork) -> None:
    person = a_member(uow, "left", Role.COUNSELLOR)

    end_person(EndPerson(person.id, somebody(Role.CITY_ADMIN)), uow=uow)

    ended = uow.people.all[person.id]
    assert (ended.status, ended.roles) == (PersonStatus.ENDED, frozenset())
    assert uow.published == [RoleChangedV1(person=person.id, roles=(), scope="wh/hc/e1")]
    with pytest.raises(PersonNotFound):
        grant(uow, somebody(Role.CITY_ADMIN), person.id, Role.WORKER)


def reach_at(command: SetContactPoints, uow: FakeWork, clock: Clock | None = None) -> None:
    clock = clock or FixedClock(NINE)
    set_contact_points(command, uow=uow, passwords=FakePasswords(), clock=clock)


def test_an_open_session_alone_changes_no_address(uow: FakeWork) -> None:
    person, clock = a_member(uow), FixedClock(NINE)
    items = [(Channel.SMS, "13800000001")]
    command = SetContactPoints(person.id, a_session(uow, person).id, "guess", items)

    for _ in range(ACCOUNT.free):
        with pytest.raises(WrongPassword) as caught:
            reach_at(command, uow, clock)
        assert caught.value.errors[0].field == "password"
    with pytest.raises(TooManyFailures):
        reach_at(replace(command, password=RIGHT), uow, clock)

    assert uow.published == []
    assert [point.address for point in uow.contact_points.of(person.id)] == []


def test_changed_addresses_are_told_by_id_only(uow: FakeWork) -> None:
    person = a_member(uow)
    command = SetContactPoints(
        person.id, a_session(uow, person).id, RIGHT, [(Channel.SMS, "13800000001")], "en"
    )

    reach_at(command, uow)
    reach_at(command, uow)

    assert uow.published == [ContactChangedV1(person=person.id)]


class FakeCases:
    def __init__(self, state: CaseState) -> None:
        self._state = state

    def state(self, case: UUID, person: UUID) -> CaseState:
        return self._state


@pytest.mark.parametrize(
    ("state", "action"),
    [
        (CaseState.OPEN, "contact-point.read"),
        (CaseState.UNKNOWN, "contact-point.read-unverified"),
    ],
)
def test_every_reading_of_addresses_is_noted_with_its_reason(
    uow: FakeWork, state: CaseState, action: str
) -> None:
    person, case = a_member(uow), uuid4()
    command = ReadContactPoints(person.id, case, " call back ")

    read_contact_points(command, uow=uow, cases=FakeCases(state))

    assert uow.looks == [Looked(action, person.id, f"call back (case {case})")]
    assert uow.commits == 1


def test_without_an_open_case_of_the_person_there_is_nothing_to_read(uow: FakeWork) -> None:
    command = ReadContactPoints(a_member(uow).id, uuid4(), "curious")

    with pytest.raises(CaseNotFound):
        read_contact_points(command, uow=uow, cases=FakeCases(CaseState.NONE))
    assert uow.looks == []


def test_sessions_end_where_a_worker_becomes_staff_and_back(uow: FakeWork) -> None:
    person, city = a_member(uow), somebody(Role.CITY_ADMIN)
    ended = []
    for roles in ([Role.DUTY], [Role.DUTY, Role.WORKER], [Role.WORKER]):
        session = a_session(uow, person)
        grant(uow, city, person.id, *roles)
        ended.append(session.ended is not None)

    assert ended == [True, False, True]


def test_who_changed_the_roles_is_remembered(uow: FakeWork) -> None:
    person, first, second = a_member(uow), somebody(Role.CITY_ADMIN), somebody(Role.CITY_ADMIN)

    grant(uow, first, person.id, Role.DUTY)
    grant(uow, second, person.id, Role.DUTY)

    assert uow.people.all[person.id].granted_by == {first.person}
