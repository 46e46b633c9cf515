"""A person: a pseudonymous id everywhere; here also unit, roles and, sealed, the name."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.chassis.access import Role
from services.chassis.errors import FieldError, NotFound, UnprocessableInput

CARE_ROLES = frozenset({Role.COUNSELLOR, Role.DUTY, Role.CLINICAL_LEAD})
OFFICE_ROLES = frozenset({Role.UNIT_ADMIN, Role.DISTRICT_ADMIN, Role.CITY_ADMIN, Role.OPS})
STAFF_ROLES = CARE_ROLES | OFFICE_ROLES
TWO_PERSON_ROLES = CARE_ROLES | {Role.DISTRICT_ADMIN, Role.CITY_ADMIN}
"""Roles of care, and those that could stand in as the second person for a role of care."""
LANGUAGES = ("zh", "en")


class PersonStatus(StrEnum):
    """Whether the person can sign in."""

    ACTIVE = "active"
    ENDED = "ended"


class PersonNotFound(NotFound):
    """No person has this id, or none in your part of the tree."""

    code = "person-not-found"
    title = "There is no such person in your part of the tree"


class RolesDoNotCombine(UnprocessableInput):
    """Whoever administers must not also see what care is about."""

    code = "roles-do-not-combine"
    title = "Administrative roles and care roles do not go together in one account"


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known by name: sealed at rest, opened for whoever may see it."""

    name: str
    login: str | None = None
    member_no: str | None = None

    @property
    def sign_in_name(self) -> str | None:
        """What the person types to sign in."""
        return self.login or self.member_no

    @property
    def handles(self) -> list[str]:
        """Everything that stands for this person alone."""
        return [value for value in (self.login, self.member_no) if value]


@dataclass(frozen=True, slots=True)
class RolesChanged:
    """Roles, or the unit they hold for, are others now."""

    announced: bool


@dataclass(frozen=True, slots=True)
class ContactChanged:
    """Addresses are others now."""


PersonEvent = RolesChanged | ContactChanged


@dataclass(slots=True, kw_only=True)
class Person:
    """`unit` is where the person belongs, `scope` the unit that staff roles hold for.

    `imported` is the mark of the row last imported for the person: the same row again is known
    by it without opening anything. `granted_by` gave the present roles (all who did, where it takes
    two people); nobody did so for people of the first start.
    """

    id: UUID
    unit: str
    roles: frozenset[Role] = frozenset({Role.WORKER})
    scope: str | None = None
    status: PersonStatus = PersonStatus.ACTIVE
    temporary: bool = False
    expires_at: datetime | None = None
    language: str = "zh"
    imported: bytes | None = None
    granted_by: frozenset[UUID] = frozenset()
    events: list[PersonEvent] = field(default_factory=list, compare=False)

    @property
    def active(self) -> bool:
        """Whether the person can sign in."""
        return self.status is PersonStatus.ACTIVE

    @property
    def staff(self) -> bool:
        """Whether any role is more than a worker's."""
        return bool(self.roles & STAFF_ROLES)

    @property
    def takes_two(self) -> bool:
        """Whether no single other person may ever have held the way into this account."""
        return bool(self.roles & TWO_PERSON_ROLES)

    @property
    def token_unit(self) -> str:
        """The unit that roles hold for."""
        return (self.scope if self.staff else None) or self.unit

    def change_roles(self, roles: Iterable[Role], scope: str | None) -> None:
        """Hold exactly these roles for the scope; raises RolesDoNotCombine.

        A change between nothing and plain worker is told to nobody: no service keeps a list of
        workers, and a city has hundreds of thousands of them.
        """
        wanted = frozenset(roles)
        check_combination(wanted)
        scope = scope if wanted & STAFF_ROLES else None
        before = (self.roles, self.token_unit, self.staff)
        self.roles, self.scope = wanted, scope
        if (self.roles, self.token_unit) != before[:2]:
            self.events.append(RolesChanged(announced=self.staff or before[2]))

    def move(self, unit: str) -> None:
        """Belong to another unit; staff roles without a scope of their own go along."""
        before = self.token_unit
        self.unit = unit
        if self.staff and self.token_unit != before:
            self.events.append(RolesChanged(announced=True))

    def contact_changed(self) -> None:
        """Note that addresses are others now."""
        self.events.append(ContactChanged())

    def end(self) -> None:
        """Leave the union's system: no sign-in, no roles."""
        if self.active:
            self.change_roles((), None)
            self.status = PersonStatus.ENDED


def check_combination(roles: frozenset[Role]) -> None:
    """Raise RolesDoNotCombine where one account would administer and care."""
    if roles & CARE_ROLES and roles & OFFICE_ROLES:
        raise RolesDoNotCombine(
            errors=[FieldError("roles", "choose either care or administration", "do-not-combine")]
        )
