"""A person says how to be reached: from then on, also with a code for a new password."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.accounts.people.contact_points import ContactPoint, contact_points
from services.accounts.people.domain import Person
from services.accounts.people.publishing import announce_person
from services.accounts.ports import AccountsWork
from services.accounts.sessions.current import check_standing
from services.accounts.sessions.passwords import Passwords
from services.accounts.sessions.proving import prove
from services.chassis.clock import Clock
from services.contracts.notification import Channel


@dataclass(frozen=True, slots=True)
class SetContactPoints:
    """These addresses and no others; `language` of messages where it changes."""

    person: UUID
    session: UUID | None
    password: str
    items: Sequence[tuple[Channel, str]]
    language: str | None = None


def set_contact_points(
    command: SetContactPoints, *, uow: AccountsWork, passwords: Passwords, clock: Clock
) -> tuple[Person, list[ContactPoint]]:
    """Returns the person and the addresses in their normal form; raises SessionEnded, WrongPassword
    or TooManyFailures.

    A code for a new password goes to these. So a token that outlives its session sets none, and
    whoever holds somebody's unlocked phone for a minute gains no way back.
    """
    points = [replace(point, confirmed=True) for point in contact_points(command.items)]
    with uow:
        check_standing(command.session, uow.people.get(command.person).id, uow)
    prove(
        command.person,
        command.password,
        field="password",
        uow=uow,
        passwords=passwords,
        clock=clock,
    )
    with uow:
        person = uow.people.get(command.person)
        # Again: the session may have been ended, with a new password, while the old one was proved.
        check_standing(command.session, person.id, uow)
        before = uow.contact_points.of(person.id)
        if set(points) != set(before):
            person.contact_changed()
        if set(points) != set(before) or not all(point.confirmed for point in before):
            uow.contact_points.replace(person.id, points)
        if command.language and command.language != person.language:
            person.language = command.language
            person.contact_changed()
        uow.people.save(person)
        announce_person(person, uow)
        uow.commit()
    return person, points
