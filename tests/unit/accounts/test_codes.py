"""One-time codes."""

from contextlib import nullcontext
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.accounts.bootstrap import AlreadyThere, create_first_admin
from services.accounts.codes.domain import (
    CodeNotAccepted,
    CodePurpose,
    PasswordAlreadySet,
    SecondPersonNeeded,
)
from services.accounts.codes.usecases.deliver_code import DeliverCode, deliver_code
from services.accounts.codes.usecases.print_first_code import PrintFirstCode, print_first_code
from services.accounts.codes.usecases.request_reset import RequestReset, request_reset
from services.accounts.codes.usecases.set_password import SetPassword, set_password
from services.accounts.codes.usecases.start_reset import StartReset, start_reset
from services.accounts.people.contact_points import ContactPoint
from services.accounts.people.domain import Person, PersonNotFound
from services.accounts.people.granting import RoleAboveYours
from services.accounts.people.usecases.assign_roles import AssignRoles, assign_roles
from services.accounts.people.usecases.set_contact_points import (
    SetContactPoints,
    set_contact_points,
)
from services.accounts.sessions.domain import Session, SessionEnded
from services.accounts.units.domain import Levels
from services.chassis.access import Role
from services.chassis.clock import FixedClock
from services.contracts.notification import Channel
from tests.unit.accounts.fakes import (
    NINE,
    RIGHT,
    FakePasswords,
    FakeWork,
    a_city,
    a_member,
    a_session,
    somebody,
)

NEW = "a new long word"


class FakeMessenger:
    def __init__(self) -> None:
        self.sent: list[dict] = []

    def send(self, message: dict) -> None:
        self.sent.append(message)


@pytest.fixture
def uow() -> FakeWork:
    return a_city(FakeWork())


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NINE)


def use(uow: FakeWork, clock: FixedClock, login: str, code: str, password: str = NEW) -> None:
    command = SetPassword(login=login, code=code, password=password, address="192.0.2.1")
    set_password(command, uow=uow, passwords=FakePasswords(), clock=clock)


def printed(uow: FakeWork, clock: FixedClock, person: UUID, role: Role = Role.UNIT_ADMIN) -> str:
    by = somebody(role, unit="wh/hc/e1")
    return print_first_code(PrintFirstCode(person, by), uow=uow, clock=clock).code


def test_a_printed_code_sets_the_first_password_once(uow: FakeWork, clock: FixedClock) -> None:
    person = a_member(uow, password=None)
    code = printed(uow, clock, person.id)

    use(uow, clock, "worker1", code.lower().replace("-", " "))

    assert uow.credentials.all[person.id].password_hash == f"hash of {NEW}"
    with pytest.raises(CodeNotAccepted):
        use(uow, clock, "worker1", code)
    with pytest.raises(PasswordAlreadySet):
        printed(uow, clock, person.id)


def test_a_code_runs_out_and_only_the_last_one_counts(uow: FakeWork, clock: FixedClock) -> None:
    person = a_member(uow, password=None)
    first, second = printed(uow, clock, person.id), printed(uow, clock, person.id)

    with pytest.raises(CodeNotAccepted):
        use(uow, clock, "worker1", first)
    clock.advance(timedelta(days=14))
    with pytest.raises(CodeNotAccepted):
        use(uow, clock, "worker1", second)


def test_a_code_survives_few_wrong_tries(uow: FakeWork, clock: FixedClock) -> None:
    person = a_member(uow, password=None)
    code = printed(uow, clock, person.id)

    for _ in range(20):
        with pytest.raises(CodeNotAccepted):
            use(uow, clock, "worker1", "AAAAA-AAAAA")
        clock.advance(timedelta(minutes=15))
    with pytest.raises(CodeNotAccepted):
        use(uow, clock, "worker1", code)


def test_a_code_is_its_persons_alone(uow: FakeWork, clock: FixedClock) -> None:
    person = a_member(uow, password=None)
    a_member(uow, "other", password=None)
    code = printed(uow, clock, person.id)

    with pytest.raises(CodeNotAccepted):
        use(uow, clock, "other", code)


def test_operators_print_within_reach_and_below_themselves(
    uow: FakeWork, clock: FixedClock
) -> None:
    elsewhere = a_member(uow, "elsewhere", unit="wh/kf/e2", password=None)
    above = a_member(uow, "above", Role.DISTRICT_ADMIN, unit="wh/hc/e1", password=None)

    with pytest.raises(PersonNotFound):
        printed(uow, clock, elsewhere.id)
    with pytest.raises(RoleAboveYours):
        printed(uow, clock, above.id)


def ask(uow: FakeWork, clock: FixedClock, login: str, address: str = "192.0.2.1") -> None:
    request_reset(RequestReset(login, address), uow=uow, clock=clock)


def come_due(uow: FakeWork, clock: FixedClock) -> FakeMessenger:
    """Let every timer do its work once."""
    messenger = FakeMessenger()
    for kind, key in [key for key in uow.timers.all if key[0] == "password-reset"]:
        payload = uow.timers.all.pop((kind, key))
        start_reset(StartReset(payload["login"]), uow=uow, clock=clock)
    for kind, key in [key for key in uow.timers.all if key[0] == "one-time-message"]:
        payload = uow.timers.all.pop((kind, key))
        command = DeliverCode(UUID(key), UUID(payload["person"]), payload["code"])
        deliver_code(command, uow=uow, messenger=messenger, clock=clock)
    return messenger


def test_asking_does_the_same_for_everybody(uow: FakeWork, clock: FixedClock) -> None:
    a_member(uow, mobile="+8613800000001")

    ask(uow, clock, "worker1")
    known = len(uow.timers.all), len(uow.throttles.all)
    ask(uow, clock, "nobody", "192.0.2.2")

    assert known == (1, 2)
    assert (len(uow.timers.all), len(uow.throttles.all)) == (2, 4)
    assert len(come_due(uow, clock).sent) == 1


def test_the_code_that_was_sent_sets_a_new_password(uow: FakeWork, clock: FixedClock) -> None:
    a_member(uow, mobile="+8613800000001")
    ask(uow, clock, "worker1")

    message = come_due(uow, clock).sent[0]
    use(uow, clock, "worker1", message["code"])

    assert message["channel"] == "sms"
    assert message["expires_at"] == "2025-06-02T01:30:00Z"


def test_a_code_that_was_replaced_or_is_too_old_is_not_sent(
    uow: FakeWork, clock: FixedClock
) -> None:
    a_member(uow, mobile="+8613800000001")
    ask(uow, clock, "worker1")
    ask(uow, clock, "worker1")

    assert len(come_due(uow, clock).sent) == 1
    clock.advance(timedelta(minutes=31))
    code = next(iter(uow.codes.all.values()))
    command = DeliverCode(code.id, code.person, "")
    messenger = FakeMessenger()
    deliver_code(command, uow=uow, messenger=messenger, clock=clock)
    assert messenger.sent == []


def test_an_inbox_cannot_be_flooded(uow: FakeWork, clock: FixedClock) -> None:
    for number in range(10):
        ask(uow, clock, "worker1", f"192.0.2.{number}")

    assert len(uow.timers.all) == 3


def test_guesses_elsewhere_do_not_bar_the_way_back(uow: FakeWork, clock: FixedClock) -> None:
    person = a_member(uow, password=None)
    code = printed(uow, clock, person.id)
    key = uow.digest("worker1", "failures-account")
    for _ in range(30):
        uow.throttles.count([key], NINE, NINE - timedelta(hours=1))

    use(uow, clock, "worker1", code)

    assert uow.throttles.read([key]) == {}


def test_a_new_system_starts_with_one_administrator(clock: FixedClock) -> None:
    uow = FakeWork()
    levels = Levels.parse("city > district")
    wanted = {"login": "Admin", "name": "管理员", "city": "wh", "city_name": "惠心市"}

    code = create_first_admin(uow=uow, clock=clock, levels=levels, **wanted)

    use(uow, clock, "admin", code.code)
    person = next(iter(uow.people.all.values()))
    assert person.roles == {Role.CITY_ADMIN}
    assert uow.units.all["wh"].level == "city"
    with pytest.raises(AlreadyThere):
        create_first_admin(uow=uow, clock=clock, levels=levels, **wanted)


def test_code_purposes_stand_side_by_side(uow: FakeWork, clock: FixedClock) -> None:
    person = a_member(uow, password=None, mobile="+8613800000001")
    first = printed(uow, clock, person.id)
    ask(uow, clock, "worker1")
    come_due(uow, clock)

    assert {code.purpose for code in uow.codes.of(person.id)} == set(CodePurpose)
    use(uow, clock, "worker1", first)
    assert uow.codes.of(person.id) == []
    assert uow.codes.find(uuid4()) is None


PLANTED = "+8613800000009"


def reach_at(person: Person, session: Session, uow: FakeWork, clock: FixedClock) -> None:
    command = SetContactPoints(person.id, session.id, RIGHT, [(Channel.SMS, PLANTED)])
    set_contact_points(command, uow=uow, passwords=FakePasswords(), clock=clock)


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
