"""A code is no way into the account of somebody else, nor into a role of care."""

from contextlib import nullcontext

import pytest

from services.accounts.codes.domain import (
    CodeNotAccepted,
    SecondPersonNeeded,
)
from services.accounts.codes.usecases.print_first_code import PrintFirstCode, print_first_code
from services.accounts.codes.usecases.start_reset import StartReset, start_reset
from services.accounts.people.contact_points import ContactPoint
from services.accounts.people.usecases.assign_roles import AssignRoles, assign_roles
from services.accounts.sessions.domain import SessionEnded
from services.chassis.access import Role
from services.chassis.clock import FixedClock
from services.contracts.notification import Channel
from tests.unit.accounts.builders import a_city, a_member, a_session, somebody
from tests.unit.accounts.codes_support import (
    PLANTED,
    ask,
    come_due,
    printed,
    reach_at,
    use,
)
from tests.unit.accounts.fakes import NINE, FakeWork


@pytest.fixture
def uow() -> FakeWork:
    return a_city(FakeWork())


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NINE)


def test_an_address_somebody_else_set_gets_no_code_for_a_new_password(
    uow: FakeWork, clock: FixedClock
) -> None:
    person = a_member(uow, mobile=PLANTED, confirmed=False)

    ask(uow, clock, "worker1")
    planted = come_due(uow, clock).sent
    reach_at(person, a_session(uow, person), uow, clock)
    ask(uow, clock, "worker1")
    own = come_due(uow, clock).sent

    assert planted == []
    assert [each["address"] for each in own] == [PLANTED]
    assert uow.published == []


def test_a_code_on_its_way_to_a_planted_address_stops_once_there_is_a_password(
    uow: FakeWork, clock: FixedClock
) -> None:
    person = a_member(uow, mobile=PLANTED, confirmed=False, password=None)
    ask(uow, clock, "worker1")
    request = next(iter(uow.timers.all.values()))
    start_reset(StartReset(request["login"]), uow=uow, clock=clock)
    uow.timers.all = {
        key: each for key, each in uow.timers.all.items() if key[0] != "password-reset"
    }

    uow.credentials.replace(person.id, "hash of the own", NINE)

    assert come_due(uow, clock).sent == []


def test_the_first_password_by_message_confirms_the_address_it_came_to(
    uow: FakeWork, clock: FixedClock
) -> None:
    person = a_member(uow, mobile="+8613800000001", confirmed=False, password=None)
    mail = ContactPoint(Channel.EMAIL, "a@example.org")
    uow.contact_points.add_many({person.id: [*uow.contact_points.of(person.id), mail]})
    ask(uow, clock, "worker1")
    message = come_due(uow, clock).sent[0]

    use(uow, clock, "worker1", message["code"])

    confirmed = {each.channel.value: each.confirmed for each in uow.contact_points.of(person.id)}
    assert confirmed == {"email": True, "sms": False}
    assert message["address"] == "a@example.org"


def test_an_address_put_in_place_of_the_one_a_code_went_to_is_not_confirmed(
    uow: FakeWork, clock: FixedClock
) -> None:
    person = a_member(uow, mobile="+8613800000001", confirmed=False, password=None)
    ask(uow, clock, "worker1")
    message = come_due(uow, clock).sent[0]
    uow.contact_points.replace(person.id, [ContactPoint(Channel.SMS, PLANTED)])

    use(uow, clock, "worker1", message["code"])

    assert [each.confirmed for each in uow.contact_points.of(person.id)] == [False]


def test_a_printed_code_confirms_no_address(uow: FakeWork, clock: FixedClock) -> None:
    person = a_member(uow, mobile=PLANTED, confirmed=False, password=None)

    use(uow, clock, "worker1", printed(uow, clock, person.id))

    assert [each.confirmed for each in uow.contact_points.of(person.id)] == [False]


def test_who_gave_a_role_of_care_prints_no_code_for_it(uow: FakeWork, clock: FixedClock) -> None:
    person = a_member(uow, password=None, mobile=PLANTED, confirmed=False)
    giver, second = somebody(Role.CITY_ADMIN), somebody(Role.CITY_ADMIN)
    before = printed(uow, clock, person.id)
    care = frozenset({Role.COUNSELLOR})
    assign_roles(AssignRoles(person=person.id, roles=care, scope=None, by=giver), uow=uow)

    with pytest.raises(SecondPersonNeeded):
        print_first_code(PrintFirstCode(person.id, giver), uow=uow, clock=clock)
    ask(uow, clock, "worker1")
    assert come_due(uow, clock).sent == []
    with pytest.raises(CodeNotAccepted):
        use(uow, clock, "worker1", before)
    code = print_first_code(PrintFirstCode(person.id, second), uow=uow, clock=clock).code
    use(uow, clock, "worker1", code)


@pytest.mark.parametrize(
    ("role", "free"),
    [
        (Role.UNIT_ADMIN, True),
        (Role.OPS, True),
        (Role.DISTRICT_ADMIN, False),
        (Role.CITY_ADMIN, False),
    ],
)
def test_who_made_an_administrator_prints_the_code_unless_that_one_could_print_for_care(
    uow: FakeWork, clock: FixedClock, role: Role, free: bool
) -> None:
    giver = somebody(Role.CITY_ADMIN)
    given = frozenset({giver.person})
    person = a_member(uow, "admin", role, password=None, granted_by=given)
    refused = nullcontext() if free else pytest.raises(SecondPersonNeeded)

    with refused:
        print_first_code(PrintFirstCode(person.id, giver), uow=uow, clock=clock)


def test_who_touched_a_role_of_care_on_its_way_prints_no_code_either(
    uow: FakeWork, clock: FixedClock
) -> None:
    person = a_member(uow, password=None)
    first, second, third = (somebody(Role.CITY_ADMIN) for _ in range(3))
    for giver, role in ((first, Role.COUNSELLOR), (second, Role.DUTY)):
        wish = AssignRoles(person=person.id, roles=frozenset({role}), scope=None, by=giver)
        assign_roles(wish, uow=uow)

    for giver in (first, second):
        with pytest.raises(SecondPersonNeeded):
            print_first_code(PrintFirstCode(person.id, giver), uow=uow, clock=clock)
    assert print_first_code(PrintFirstCode(person.id, third), uow=uow, clock=clock).code


@pytest.mark.parametrize("role", [Role.DUTY, Role.COUNSELLOR, Role.CITY_ADMIN])
def test_a_password_known_before_the_role_is_no_way_into_it(
    uow: FakeWork, clock: FixedClock, role: Role
) -> None:
    """An administrator who took a worker's account over gains nothing by promoting it."""
    person = a_member(uow, mobile=PLANTED, confirmed=True)
    session, giver = a_session(uow, person), somebody(Role.CITY_ADMIN)

    wish = AssignRoles(person=person.id, roles=frozenset({role}), scope=None, by=giver)
    assign_roles(wish, uow=uow)

    assert person.id not in uow.credentials.all
    assert session.ended is not None
    with pytest.raises(SessionEnded):
        reach_at(person, session, uow, clock)
    ask(uow, clock, "worker1")
    assert come_due(uow, clock).sent == []
