"""The duty officer of a case reads how to reach the person: always with a reason, always noted."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.accounts.people.contact_points import ContactPoint
from services.accounts.people.domain import Profile
from services.accounts.ports import AccountsWork


@dataclass(frozen=True, slots=True)
class ReadContactPoints:
    """Whose, for which case, and why."""

    person: UUID
    case: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Reachable:
    """Name and addresses of a person in danger."""

    profile: Profile | None
    points: Sequence[ContactPoint]
    unit: str
    unit_name: str


def read_contact_points(command: ReadContactPoints, *, uow: AccountsWork) -> Reachable:
    """Raises PersonNotFound. A temporary person has a unit and nothing else."""
    with uow:
        person = uow.people.get(command.person)
        profile = None if person.temporary else uow.people.profile(person.id)
        points = uow.contact_points.of(person.id)
        unit = uow.units.get(person.unit)
        why = f"{command.reason.strip()} (case {command.case})"
        uow.audit("contact-point.read", person.id, person.id, why)
        uow.commit()
    return Reachable(profile, points, unit.path, unit.name)
