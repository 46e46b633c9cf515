"""What goes with other roles: who gave them, old sessions and old codes."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from services.accounts.people.domain import Person
from services.accounts.ports import AccountsWork
from services.accounts.sessions.domain import EndReason
from services.chassis.access import Role


@dataclass(frozen=True, slots=True)
class Held:
    """What a person held before."""

    roles: frozenset[Role]
    scope: str | None
    staff: bool
    cares: bool

    @classmethod
    def by(cls, person: Person) -> Self:
        """Now."""
        return cls(person.roles, person.scope, person.staff, person.cares)


def settle_roles(person: Person, before: Held, by: UUID, uow: AccountsWork) -> None:
    """Call it between the change of roles and the saving of the person.

    A session keeps the length it began with, so none outlives the step between worker and staff.
    A code that was made before somebody came to care may be in the hands of who gave the role.
    """
    if (person.roles, person.scope) != (before.roles, before.scope):
        person.granted_by = by
    if person.staff != before.staff:
        uow.sessions.end_all(person.id, EndReason.ROLES_CHANGED)
    if person.cares and not before.cares:
        uow.codes.drop_all(person.id)
