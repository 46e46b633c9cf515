"""Sessions: refresh tokens, known devices, throttling, sign-in."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.accounts.sessions.devices import Device, read_device
from services.accounts.sessions.domain import EndReason, RefreshToken, Session, SessionEnded
from services.accounts.sessions.passwords import WeakPassword, check_new_password
from services.accounts.sessions.proving import WrongPassword
from services.accounts.sessions.throttling import ACCOUNT, Failures, TooManyFailures
from services.accounts.sessions.usecases.change_password import (
    ChangePassword,
    change_password,
)
from services.accounts.sessions.usecases.refresh_session import RefreshSession, refresh_session
from services.accounts.sessions.usecases.sign_in import (
    SessionLengths,
    SignedIn,
    SignIn,
    WrongLogin,
    sign_in,
)
from services.accounts.sessions.usecases.sign_out import SignOut, sign_out
from services.chassis.access import Role
from services.chassis.clock import FixedClock
from tests.unit.accounts.builders import a_city, a_member
from tests.unit.accounts.fakes import NINE, RIGHT, FakePasswords, FakeWork

LENGTHS = SessionLengths(worker=timedelta(days=30), staff=timedelta(hours=12))


@pytest.fixture
def uow() -> FakeWork:
    return a_city(FakeWork())


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NINE)


def enter(
    uow: FakeWork,
    clock: FixedClock,
    login: str = "worker1",
    password: str = RIGHT,
    *,
    address: str = "192.0.2.1",
    device: str | None = None,
    passwords: FakePasswords | None = None,
) -> SignedIn:
    command = SignIn(login=login, password=password, address=address, device=device)
    return sign_in(
        command, uow=uow, passwords=passwords or FakePasswords(), lengths=LENGTHS, clock=clock
    )


def a_session(**more: object) -> Session:
    values = {
        "id": uuid4(),
        "person": uuid4(),
        "started_at": NINE,
        "expires_at": NINE + timedelta(hours=1),
    }
    return Session(**{**values, **more})


def test_each_refresh_token_is_good_once() -> None:
    session = a_session()

    assert session.rotate(0, NINE)
    assert session.rotate(1, NINE)
    assert not session.rotate(0, NINE + timedelta(seconds=1))
    assert session.ended is EndReason.TOKEN_REUSED
    assert not session.rotate(2, NINE)


def test_the_token_before_gives_the_same_successor_for_a_moment() -> None:
    session = a_session()
    session.rotate(0, NINE)

    assert session.rotate(0, NINE + timedelta(seconds=19))
    assert session.generation == 1
    assert not session.rotate(0, NINE + timedelta(seconds=20))


def test_a_session_ends_by_itself() -> None:
    assert not a_session().rotate(0, NINE + timedelta(hours=1))


def test_a_refresh_token_proves_itself() -> None:
    digest = FakeWork().digest
    token = RefreshToken(uuid4(), 7)
    text = token.encode(digest)

    assert RefreshToken.decode(text, digest) == token
    forged = RefreshToken(token.session, 8).encode(lambda value, context: b"\0" * 32)
    for wrong in (forged, text[:-2], text[2:], ""):
        with pytest.raises(SessionEnded):
            RefreshToken.decode(wrong, digest)


def test_a_device_is_known_by_its_own_token_only() -> None:
    digest = FakeWork().digest
    device = Device(uuid4(), uuid4(), NINE)
    text = device.encode(digest)

    assert read_device(text, digest, NINE) == device
    assert read_device(text, digest, NINE + timedelta(days=401)) is None
    assert read_device(text[:-1] + ("A" if text[-1] != "A" else "B"), digest, NINE) is None
    assert read_device(None, digest, NINE) is None


def test_pauses_double_up_to_the_longest() -> None:
    pauses = [
        ACCOUNT.pause(Failures(count, NINE), NINE).total_seconds() for count in (4, 5, 6, 9, 30)
    ]

    assert pauses == [0, 30, 60, 480, 900]
    assert not ACCOUNT.pause(Failures(30, NINE), NINE + timedelta(minutes=15))
    assert not ACCOUNT.pause(Failures(30, NINE), NINE + timedelta(hours=2))


def test_a_right_password_opens_a_session_of_the_right_length(
    uow: FakeWork, clock: FixedClock
) -> None:
    a_member(uow)
    a_member(uow, "duty1", Role.DUTY, unit="wh")

    worker, duty = enter(uow, clock), enter(uow, clock, "duty1")

    assert worker.session_ends == NINE + timedelta(days=30)
    assert duty.session_ends == NINE + timedelta(hours=12)
    assert worker.name == "name of worker1"


def test_an_unknown_login_costs_the_same_work_as_a_wrong_password(
    uow: FakeWork, clock: FixedClock
) -> None:
    a_member(uow)
    a_member(uow, "newcomer", password=None)
    work = []
    for login in ("worker1", "nobody", "newcomer"):
        passwords = FakePasswords()
        with pytest.raises(WrongLogin):
            enter(uow, clock, login, "wrong", passwords=passwords)
        work.append(passwords.work)

    assert work == [1, 1, 1]


def test_ended_and_temporary_people_do_not_sign_in(uow: FakeWork, clock: FixedClock) -> None:
    a_member(uow, "left").end()
    a_member(uow, "guest", temporary=True, expires_at=NINE)

    for login in ("left", "guest"):
        with pytest.raises(WrongLogin):
            enter(uow, clock, login)


def test_a_shared_phone_is_nobodys_login(uow: FakeWork, clock: FixedClock) -> None:
    a_member(uow, "mother", mobile="+8613800000001")
    assert enter(uow, clock, "138 0000 0001").name == "name of mother"
    a_member(uow, "son", mobile="+8613800000001")

    with pytest.raises(WrongLogin):
        enter(uow, clock, "138 0000 0001")


def fail(uow: FakeWork, clock: FixedClock, times: int, login: str, address: str) -> None:
    for _ in range(times):
        with pytest.raises(WrongLogin):
            enter(uow, clock, login, "wrong", address=address)


def test_guessing_pauses_the_account_but_never_for_ever(uow: FakeWork, clock: FixedClock) -> None:
    a_member(uow)
    fail(uow, clock, 5, "worker1", "192.0.2.66")

    with pytest.raises(TooManyFailures) as refused:
        enter(uow, clock)
    clock.advance(timedelta(seconds=31))

    assert refused.value.headers["Retry-After"] == "31"
    assert enter(uow, clock).name == "name of worker1"
    fail(uow, clock, 5, "worker1", "192.0.2.66")


def test_a_stranger_does_not_hold_a_known_device_up(uow: FakeWork, clock: FixedClock) -> None:
    a_member(uow)
    device = enter(uow, clock).device
    fail(uow, clock, 5, "worker1", "192.0.2.66")

    assert enter(uow, clock, device=device).device == device
    with pytest.raises(TooManyFailures):
        enter(uow, clock)


def test_a_known_device_of_another_person_is_none(uow: FakeWork, clock: FixedClock) -> None:
    a_member(uow)
    a_member(uow, "thief")
    device = enter(uow, clock, "thief").device
    fail(uow, clock, 5, "worker1", "192.0.2.66")

    with pytest.raises(TooManyFailures):
        enter(uow, clock, device=device)


def test_a_new_password_makes_devices_strangers(uow: FakeWork, clock: FixedClock) -> None:
    person = a_member(uow)
    device = enter(uow, clock).device
    clock.advance(timedelta(minutes=1))
    uow.credentials.replace(person.id, "hash of another one", clock.now())
    fail(uow, clock, 5, "worker1", "192.0.2.66")

    with pytest.raises(TooManyFailures):
        enter(uow, clock, password="another one", device=device)


def test_guessing_many_accounts_pauses_the_address(uow: FakeWork, clock: FixedClock) -> None:
    a_member(uow)
    for number in range(50):
        fail(uow, clock, 1, f"guess{number}", "192.0.2.66")

    with pytest.raises(TooManyFailures):
        enter(uow, clock, address="192.0.2.66")
    assert enter(uow, clock, address="192.0.2.7")


def test_spellings_of_one_phone_are_counted_together(uow: FakeWork, clock: FixedClock) -> None:
    for spelling in (
        "13800000001",
        "138 0000 0001",
        "+8613800000001",
        "１３８00000001",
        "138-00000001",
    ):
        fail(uow, clock, 1, spelling, "192.0.2.66")

    with pytest.raises(TooManyFailures):
        enter(uow, clock, "008613800000001")


def test_refreshing_follows_roles_and_ends_with_the_person(
    uow: FakeWork, clock: FixedClock
) -> None:
    person = a_member(uow)
    first = enter(uow, clock)
    stored = uow.people.all[person.id]
    stored.change_roles((Role.COUNSELLOR,), "wh")

    second = refresh_session(RefreshSession(first.refresh), uow=uow, clock=clock)
    stored.end()

    assert second.person.roles == {Role.COUNSELLOR}
    with pytest.raises(SessionEnded):
        refresh_session(RefreshSession(second.refresh), uow=uow, clock=clock)


def test_the_end_of_a_reused_session_is_kept(uow: FakeWork, clock: FixedClock) -> None:
    a_member(uow)
    first = enter(uow, clock)
    second = refresh_session(RefreshSession(first.refresh), uow=uow, clock=clock)
    clock.advance(timedelta(minutes=1))

    for token in (first.refresh, second.refresh):
        with pytest.raises(SessionEnded):
            refresh_session(RefreshSession(token), uow=uow, clock=clock)


def test_nobody_signs_another_out(uow: FakeWork, clock: FixedClock) -> None:
    a_member(uow)
    signed_in = enter(uow, clock)
    session = next(iter(uow.sessions.all))

    sign_out(SignOut(session, uuid4()), uow=uow)
    refreshed = refresh_session(RefreshSession(signed_in.refresh), uow=uow, clock=clock)
    sign_out(SignOut(session, signed_in.person.id), uow=uow)

    with pytest.raises(SessionEnded):
        refresh_session(RefreshSession(refreshed.refresh), uow=uow, clock=clock)


def test_the_present_password_cannot_be_guessed_from_a_stolen_session(
    uow: FakeWork, clock: FixedClock
) -> None:
    person = a_member(uow)
    command = ChangePassword(
        person=person.id, current="wrong", new="another long word", session=None
    )

    for _ in range(5):
        with pytest.raises(WrongPassword):
            change_password(command, uow=uow, passwords=FakePasswords(), clock=clock)
    with pytest.raises(TooManyFailures):
        change_password(command, uow=uow, passwords=FakePasswords(), clock=clock)


@pytest.mark.parametrize(
    "password", ["short", "1234567890", "aaaaaaaaaaaa", "xx-worker1-xx", "y" * 129]
)
def test_passwords_that_would_be_guessed_are_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        check_new_password(password, ["worker1"])
