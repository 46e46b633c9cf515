"""One-time codes."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.accounts.bootstrap import AlreadyThere, create_first_admin
from services.accounts.codes.domain import (
    CodeNotAccepted,
    CodePurpose,
    PasswordAlreadySet,
)
from services.accounts.codes.usecases.deliver_code import DeliverCode, deliver_code
from services.accounts.people.domain import PersonNotFound
from services.accounts.people.granting import RoleAboveYours
from services.accounts.units.domain import Levels
from services.chassis.access import Role
from services.chassis.clock import FixedClock
from tests.unit.accounts.builders import a_city, a_member
from tests.unit.accounts.codes_support import NEW, FakeMessenger, ask, come_due, printed, use
from tests.unit.accounts.fakes import NINE, FakeWork


@pytest.fixture
def uow() -> FakeWork:
    return a_city(FakeWork())


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NINE)


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
