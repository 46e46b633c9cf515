"""Sign in: a right password opens a session; a wrong one is counted and answered alike for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from services.accounts.keys.tokens import AccessToken
from services.accounts.keys.usecases import issue_token
from services.accounts.people.domain import Person
from services.accounts.people.find import NOBODY, find_person
from services.accounts.ports import AccountsWork
from services.accounts.sessions.counters import sign_in_counters
from services.accounts.sessions.devices import Device, read_device
from services.accounts.sessions.domain import RefreshToken, Session
from services.accounts.sessions.passwords import Passwords
from services.accounts.sessions.ports import Credential
from services.accounts.sessions.throttling import Counter, check_pauses
from services.chassis.clock import Clock
from services.chassis.errors import NotAuthenticated


class WrongLogin(NotAuthenticated):
    """Unknown login or wrong password: nobody learns which."""

    code = "wrong-login"
    title = "Login or password is wrong"


@dataclass(frozen=True, slots=True)
class SessionLengths:
    """How long a session may be refreshed: staff sign in anew each shift."""

    worker: timedelta
    staff: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A login with its password, from an address, perhaps from a device seen before."""

    login: str
    password: str
    address: str
    device: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """What the client gets."""

    person: Person
    name: str
    access: AccessToken
    refresh: str
    session_ends: datetime
    device: str | None = None


@dataclass(frozen=True, slots=True)
class _Attempt:
    person: Person | None
    credential: Credential | None
    device: Device | None
    counters: Sequence[Counter]


def sign_in(
    command: SignIn,
    *,
    uow: AccountsWork,
    passwords: Passwords,
    lengths: SessionLengths,
    clock: Clock,
) -> SignedIn:
    """Raises WrongLogin, or TooManyFailures; the hash is computed outside any transaction."""
    with uow:
        attempt = _look_up(command, uow, clock.now())
    person, credential = attempt.person, attempt.credential
    stored = credential.password_hash if credential else None
    fits = passwords.verify(stored, command.password)
    if not fits or person is None or credential is None:
        _count_failure(attempt, uow, clock.now())
        raise WrongLogin
    with uow:
        signed_in = _open_session(attempt, person, uow, lengths, clock.now())
        uow.commit()
    if passwords.outdated(credential.password_hash):
        _renew_hash(person, credential, passwords.hash(command.password), uow)
    return signed_in


def _look_up(command: SignIn, uow: AccountsWork, now: datetime) -> _Attempt:
    person = find_person(command.login, uow)
    if person is not None and (not person.active or person.temporary):
        person = None
    credential = uow.credentials.find(person.id if person else NOBODY)
    device = read_device(command.device, uow.digest, now)
    if not _knows(device, person, credential):
        device = None
    counters = sign_in_counters(command.login, command.address, device, uow)
    counted = uow.throttles.read([counter.key for counter in counters])
    check_pauses([counter.limit.pause(counted.get(counter.key), now) for counter in counters])
    return _Attempt(person, credential, device, counters)


def _knows(device: Device | None, person: Person | None, credential: Credential | None) -> bool:
    """A new password makes every device a stranger again."""
    if device is None or person is None or credential is None:
        return False
    return device.person == person.id and device.since >= credential.set_at.replace(microsecond=0)


def _count_failure(attempt: _Attempt, uow: AccountsWork, now: datetime) -> None:
    with uow:
        for counter in attempt.counters:
            uow.throttles.count([counter.key], now, now - counter.limit.forgotten_after)
        uow.commit()


def _renew_hash(person: Person, before: Credential, renewed: str, uow: AccountsWork) -> None:
    """Costs rise with the years; the password, and so its date, stays the same."""
    with uow:
        if uow.credentials.find(person.id) == before:
            uow.credentials.replace(person.id, renewed, before.set_at)
        uow.commit()


def _open_session(
    attempt: _Attempt, person: Person, uow: AccountsWork, lengths: SessionLengths, now: datetime
) -> SignedIn:
    account = attempt.counters[0]
    uow.throttles.forget([account.key])
    length = lengths.staff if person.staff else lengths.worker
    session = Session(id=uuid4(), person=person.id, started_at=now, expires_at=now + length)
    uow.sessions.add(session)
    device = attempt.device or Device(person.id, uuid4(), now)
    return SignedIn(
        person=person,
        name=uow.people.profile(person.id).name,
        access=issue_token(person, uow=uow, now=now, session=session.id),
        refresh=RefreshToken(session.id, session.generation).encode(uow.digest),
        session_ends=session.expires_at,
        device=device.encode(uow.digest),
    )
