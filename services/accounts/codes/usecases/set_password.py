"""Set a password with a one-time code; every open session of the person ends."""

from dataclasses import dataclass
from datetime import datetime

from services.accounts.codes.destinations import confirm_destination
from services.accounts.codes.domain import CodeNotAccepted, OneTimeCode, code_digest
from services.accounts.people.domain import Person
from services.accounts.people.find import find_person
from services.accounts.ports import AccountsWork
from services.accounts.sessions.counters import login_counter, sign_in_counters
from services.accounts.sessions.domain import EndReason
from services.accounts.sessions.passwords import Passwords, check_new_password
from services.accounts.sessions.throttling import ACCOUNT, Counter, check_pauses
from services.chassis.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPassword:
    """A login, the code made for it, and the password wanted."""

    login: str
    code: str
    password: str
    address: str


def set_password(
    command: SetPassword, *, uow: AccountsWork, passwords: Passwords, clock: Clock
) -> None:
    """Raises WeakPassword, CodeNotAccepted or TooManyFailures; the same for an unknown login."""
    check_new_password(command.password, [command.login.strip().lower()])
    with uow:
        counters = _counters(command, uow)
        counted = uow.throttles.read([counter.key for counter in counters])
        now = clock.now()
        check_pauses([each.limit.pause(counted.get(each.key), now) for each in counters])
    hashed = passwords.hash(command.password)
    with uow:
        accepted = _accepted(command, uow, clock.now())
        if accepted is None:
            keys = [counter.key for counter in counters]
            uow.throttles.count(keys, clock.now(), clock.now() - ACCOUNT.forgotten_after)
        else:
            _replace(*accepted, hashed, uow, clock.now())
            uow.throttles.forget([login_counter("failures", command.login, ACCOUNT, uow).key])
        uow.commit()
    if accepted is None:
        raise CodeNotAccepted


def _counters(command: SetPassword, uow: AccountsWork) -> list[Counter]:
    """Counted apart from sign-in: a code is the way back for whom guesses elsewhere keep out."""
    _, address = sign_in_counters(command.login, command.address, None, uow)
    return [login_counter("codes", command.login, ACCOUNT, uow), address]


def _accepted(
    command: SetPassword, uow: AccountsWork, now: datetime
) -> tuple[Person, OneTimeCode] | None:
    person = find_person(command.login, uow)
    if person is None or not person.active:
        return None
    digest = code_digest(command.code, person.id, uow.digest)
    accepted = None
    for code in uow.codes.of(person.id):
        if code.accept(digest, now):
            accepted = code
        uow.codes.put(code)
    return (person, accepted) if accepted else None


def _replace(
    person: Person, code: OneTimeCode, hashed: str, uow: AccountsWork, now: datetime
) -> None:
    if uow.credentials.find(person.id) is None:
        confirm_destination(person, code, uow)
    uow.codes.drop_all(person.id)
    uow.credentials.replace(person.id, hashed, now)
    uow.sessions.end_all(person.id, EndReason.PASSWORD_CHANGED)
