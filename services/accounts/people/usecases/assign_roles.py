"""Give a person other roles, or the same ones for another unit."""

from dataclasses import dataclass
from uuid import UUID

from services.accounts.people.domain import Person, PersonNotFound
from services.accounts.people.granting import check_grant
from services.accounts.people.publishing import announce_person
from services.accounts.people.regranting import Held, settle_roles
from services.accounts.ports import AccountsWork
from services.accounts.units.domain import UnitHasEnded
from services.chassis.access import Principal, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignRoles:
    """Exactly these roles from now on; `scope` is the person's own unit unless another is named."""

    person: UUID
    roles: frozenset[Role]
    scope: str | None
    by: Principal


def assign_roles(command: AssignRoles, *, uow: AccountsWork) -> Person:
    """Returns the person as it is now; tokens follow at the next refresh or sign-in."""
    with uow:
        person = uow.people.get(command.person)
        if not person.active or person.temporary:
            raise PersonNotFound
        scope = command.scope or person.unit
        check_grant(command.by, person, command.roles, scope)
        if not uow.units.get(scope).active:
            raise UnitHasEnded
        before = Held.by(person)
        person.change_roles(command.roles, scope)
        settle_roles(person, before, command.by.person, uow)
        uow.people.save(person)
        announce_person(person, uow)
        uow.audit("role.assign", person.id, person.id)
        uow.commit()
    return person
