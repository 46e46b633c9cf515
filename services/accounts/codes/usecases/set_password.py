"""Set a password with a one-time code; every open session of the person ends."""

from dataclasses import dataclass
from datetime import datetime

from services.accounts.codes.domain import CodeNotAccepted, code_digest
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
        person = _owner(command, uow, clock.now())
        if person is None:
            keys = [counter.key for counter in counters]
            uow.throttles.count(keys, clock.now(), clock.now() - ACCOUNT.forgotten_after)
        else:
            _replace(person, hashed, uow, clock.now())
            uow.throttles.forget([login_counter("failures", command.login, ACCOUNT, uow).key])
        uow.commit()
    if person is None:
        raise CodeNotAccepted


def _counters(command: SetPassword, uow: AccountsWork) -> list[Counter]:
    """Counted apart from sign-in: a code is the way back for whom guesses elsewhere keep out."""
    _, address = sign_in_counters(command.login, command.address, None, uow)
    return [login_counter("codes", command.login, ACCOUNT, uow), address]


def _owner(command: SetPassword, uow: AccountsWork, now: datetime) -> Person | None:
    person = find_person(command.login, uow)
    if person is None or not person.active:
        return None
    digest = code_digest(command.code, person.id, uow.digest)
    accepted = False
    for code in uow.codes.of(person.id):
        accepted |= code.accept(digest, now)
        uow.codes.put(code)
    return person if accepted else None


def _replace(person: Person, hashed: str, uow: AccountsWork, now: datetime) -> None:
    uow.codes.drop_all(person.id)
    uow.credentials.replace(person.id, hashed, now)
    uow.sessions.end_all(person.id, EndReason.PASSWORD_CHANGED)
