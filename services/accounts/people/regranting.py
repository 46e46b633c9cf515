"""What goes with other roles: who gave them, old sessions and old ways into the account."""

from dataclasses import dataclass, replace
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
    takes_two: bool

    @classmethod
    def by(cls, person: Person) -> Self:
        """Now."""
        return cls(person.roles, person.scope, person.staff, person.takes_two)


def settle_roles(person: Person, before: Held, by: UUID, uow: AccountsWork) -> None:
    """Call it between the change of roles and the saving of the person.

    A session keeps the length it began with, so none outlives the step between worker and staff.
    """
    newly = person.takes_two and not before.takes_two
    if (person.roles, person.scope) != (before.roles, before.scope):
        earlier = person.granted_by if person.takes_two and not newly else frozenset()
        person.granted_by = earlier | {by}
    if newly or person.staff != before.staff:
        uow.sessions.end_all(person.id, EndReason.ROLES_CHANGED)
    if newly:
        _forget_ways_in(person, uow)


def _forget_ways_in(person: Person, uow: AccountsWork) -> None:
    """The password, codes and confirmed addresses of a worker's account may be in the hands of
    whoever gave the role now: they printed the account's first code once. Whom the account belongs
    to gets a code from a second person and chooses a password anew.
    """
    uow.codes.drop_all(person.id)
    uow.credentials.remove(person.id)
    points = uow.contact_points.of(person.id)
    uow.contact_points.replace(person.id, [replace(each, confirmed=False) for each in points])
