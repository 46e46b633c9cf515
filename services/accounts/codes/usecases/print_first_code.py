"""An operator prints a code with which a newly imported person sets the first password."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from services.accounts.codes.domain import (
    CodePurpose,
    PasswordAlreadySet,
    SecondPersonNeeded,
    new_code,
    readable,
)
from services.accounts.people.domain import Person, PersonNotFound
from services.accounts.people.granting import RoleAboveYours, grantable_by
from services.accounts.ports import AccountsWork
from services.accounts.units.reach import reaches
from services.chassis.access import Principal
from services.chassis.clock import Clock


@dataclass(frozen=True, slots=True)
class PrintFirstCode:
    """For a person in the operator's part of the tree."""

    person: UUID
    by: Principal


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """What goes on the slip of paper."""

    code: str
    sign_in_name: str | None
    name: str
    expires_at: datetime


def print_first_code(command: PrintFirstCode, *, uow: AccountsWork, clock: Clock) -> PrintedCode:
    """Raises PersonNotFound, RoleAboveYours, PasswordAlreadySet or SecondPersonNeeded."""
    with uow:
        person = uow.people.get(command.person)
        _check(command.by, person, uow)
        code, text = new_code(
            uuid4(), person.id, CodePurpose.FIRST_PASSWORD, clock.now(), uow.digest
        )
        uow.codes.put(code)
        profile = uow.people.profile(person.id)
        uow.audit("first-password-code.print", person.id, person.id)
        uow.commit()
    return PrintedCode(readable(text), profile.sign_in_name, profile.name, code.expires_at)


def _check(by: Principal, person: Person, uow: AccountsWork) -> None:
    if not person.active or person.temporary or not reaches(by, person.token_unit):
        raise PersonNotFound
    if not person.roles <= grantable_by(by):
        raise RoleAboveYours
    if uow.credentials.find(person.id) is not None:
        raise PasswordAlreadySet
    if person.takes_two and by.person in person.granted_by:
        raise SecondPersonNeeded
