"""Who may be put in charge of others: booking knows pseudonyms, accounts knows their roles."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from services.chassis.access import Role
from services.chassis.errors import FieldError, UnprocessableInput


class NotSuchStaff(UnprocessableInput):
    """The named person does not exist, or does not hold a role that this takes."""

    code = "not-such-staff"
    title = "The person does not hold the role that this takes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person's roles, and the unit they belong to."""

    roles: frozenset[Role]
    unit: str


class Staff(Protocol):
    """The people that accounts knows."""

    def member(self, person: UUID) -> Member | None:
        """None: nobody known; raises PeerUnavailable where accounts is away."""
        ...


def holding(member: Member | None, roles: Set[Role], *, field: str) -> Member:
    """The member, who holds one of the roles; raises NotSuchStaff under the field's name."""
    if member is None or not member.roles & roles:
        names = ", ".join(sorted(roles))
        fault = FieldError(field, f"expected a person who holds one of: {names}", NotSuchStaff.code)
        raise NotSuchStaff(errors=[fault])
    return member
