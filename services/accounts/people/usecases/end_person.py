"""A person leaves: no sign-in, no roles, nothing that could be refreshed."""

from dataclasses import dataclass
from uuid import UUID

from services.accounts.people.domain import PersonNotFound
from services.accounts.people.granting import check_grant
from services.accounts.people.publishing import announce_person
from services.accounts.ports import AccountsWork
from services.accounts.sessions.domain import EndReason
from services.accounts.units.reach import reaches
from services.chassis.access import Principal


@dataclass(frozen=True, slots=True)
class EndPerson:
    """Whose account ends."""

    person: UUID
    by: Principal


def end_person(command: EndPerson, *, uow: AccountsWork) -> None:
    """Ending somebody twice is no error."""
    with uow:
        person = uow.people.get(command.person)
        if not reaches(command.by, person.token_unit):
            raise PersonNotFound
        check_grant(command.by, person, frozenset(), person.token_unit)
        person.end()
        uow.people.save(person)
        uow.sessions.end_all(person.id, EndReason.PERSON_ENDED)
        uow.codes.drop_all(person.id)
        announce_person(person, uow)
        uow.audit("person.end", person.id, person.id)
        uow.commit()
