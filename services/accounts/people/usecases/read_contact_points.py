"""The duty officer of a case reads how to reach the person: always with a reason, always noted."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol
from uuid import UUID

from services.accounts.people.contact_points import ContactPoint
from services.accounts.people.domain import Profile
from services.accounts.ports import AccountsWork
from services.chassis.errors import NotFound


class CaseNotFound(NotFound):
    """There is no such case, it is closed, or it is somebody else's."""

    code = "case-not-found"
    title = "This person has no such open case"


class CaseState(Enum):
    """What is known of a case and a person."""

    OPEN = auto()
    NONE = auto()
    UNKNOWN = auto()


class Cases(Protocol):
    """Whoever keeps the cases."""

    def state(self, case: UUID, person: UUID) -> CaseState:
        """Whether it is open and this person's; UNKNOWN where nobody answers."""
        ...


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


def read_contact_points(
    command: ReadContactPoints, *, uow: AccountsWork, cases: Cases
) -> Reachable:
    """Raises CaseNotFound or PersonNotFound. A temporary person has a unit and nothing else.

    Nobody in danger waits for booking to come back: unverified looks are let through and noted.
    """
    state = cases.state(command.case, command.person)
    if state is CaseState.NONE:
        raise CaseNotFound
    action = "contact-point.read" + ("-unverified" if state is CaseState.UNKNOWN else "")
    with uow:
        person = uow.people.get(command.person)
        profile = None if person.temporary else uow.people.profile(person.id)
        points = uow.contact_points.of(person.id)
        unit = uow.units.get(person.unit)
        why = f"{command.reason.strip()} (case {command.case})"
        uow.audit(action, person.id, person.id, why)
        uow.commit()
    return Reachable(profile, points, unit.path, unit.name)
