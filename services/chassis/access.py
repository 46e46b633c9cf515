"""Who may do what, and how far: the one table of roles, actions and scopes of the whole system."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """The roles of design 1."""

    WORKER = "worker"
    COUNSELLOR = "counsellor"
    DUTY = "duty"
    UNIT_ADMIN = "unit-admin"
    DISTRICT_ADMIN = "district-admin"
    CITY_ADMIN = "city-admin"
    CLINICAL_LEAD = "clinical-lead"
    OPS = "ops"


class Scope(StrEnum):
    """How far a grant reaches, from the narrowest to the widest."""

    OWN = "own"
    IN_CARE = "in-care"
    SUBTREE = "subtree"
    CITY = "city"


WIDTH = {scope: width for width, scope in enumerate(Scope)}

INTERNAL = "internal"
"""The action of routes that only services call, with a service token; no role is granted it."""

EVERYBODY: Mapping[Role, Scope] = dict.fromkeys(Role, Scope.OWN)
ADMINS: Mapping[Role, Scope] = {
    Role.UNIT_ADMIN: Scope.SUBTREE,
    Role.DISTRICT_ADMIN: Scope.SUBTREE,
    Role.CITY_ADMIN: Scope.CITY,
}
DISTRICT_AND_CITY: Mapping[Role, Scope] = {
    Role.DISTRICT_ADMIN: Scope.SUBTREE,
    Role.CITY_ADMIN: Scope.CITY,
}

ACCESS: Mapping[str, Mapping[Role, Scope]] = {
    # accounts
    "session.end": EVERYBODY,
    "me.read": EVERYBODY,
    "password.change": EVERYBODY,
    "contact-point.write": EVERYBODY,
    "contact-point.read": {Role.DUTY: Scope.CITY},
    "unit.list": EVERYBODY,
    "unit.write": DISTRICT_AND_CITY,
    "person.list": ADMINS,
    "person.import": ADMINS,
    "person.end": DISTRICT_AND_CITY,
    "role.assign": DISTRICT_AND_CITY,
    "first-password-code.print": ADMINS,
    "temporary-workers.provision": {Role.CITY_ADMIN: Scope.CITY},
    "subscription.manage": {Role.OPS: Scope.CITY},
    "subscription.share": {Role.CITY_ADMIN: Scope.CITY, Role.CLINICAL_LEAD: Scope.CITY},
    # assessment
    "response.submit": {Role.WORKER: Scope.OWN},
    "response.read": {Role.WORKER: Scope.OWN},
    "sitting.write": {Role.WORKER: Scope.OWN},
    "consent.manage": {Role.WORKER: Scope.OWN},
    "help-request.read": {Role.DUTY: Scope.CITY},
    "instrument.manage": {Role.CLINICAL_LEAD: Scope.CITY},
    "quiz.write": ADMINS,
    "quiz.take": {Role.WORKER: Scope.OWN},
    # booking: scheduling
    "site.list": EVERYBODY,
    "site.write": DISTRICT_AND_CITY,
    "counsellor.list": EVERYBODY,
    "counsellor.write": DISTRICT_AND_CITY,
    "availability.write": {Role.COUNSELLOR: Scope.OWN, **DISTRICT_AND_CITY},
    "slot.list": {
        Role.WORKER: Scope.OWN,
        Role.COUNSELLOR: Scope.OWN,
        Role.DUTY: Scope.CITY,
        Role.CLINICAL_LEAD: Scope.CITY,
    },
    "offer.list": {Role.WORKER: Scope.OWN},
    "offer.decline": {Role.WORKER: Scope.OWN},
    "appointment.book": {Role.WORKER: Scope.OWN},
    "appointment.read": {Role.WORKER: Scope.OWN, Role.COUNSELLOR: Scope.IN_CARE},
    "appointment.change": {Role.WORKER: Scope.OWN, Role.COUNSELLOR: Scope.IN_CARE},
    "appointment.close": {Role.COUNSELLOR: Scope.IN_CARE},
    # booking: cases and rosters
    "case.read": {
        Role.DUTY: Scope.CITY,
        Role.CLINICAL_LEAD: Scope.CITY,
        Role.COUNSELLOR: Scope.IN_CARE,
    },
    "case.act": {Role.DUTY: Scope.CITY, Role.COUNSELLOR: Scope.IN_CARE},
    "case.confirm-close": {Role.DUTY: Scope.CITY, Role.CLINICAL_LEAD: Scope.CITY},
    "case.flag": {
        Role.DUTY: Scope.CITY,
        Role.CLINICAL_LEAD: Scope.CITY,
        Role.COUNSELLOR: Scope.CITY,
    },
    "case.drill": {Role.DUTY: Scope.CITY, Role.CLINICAL_LEAD: Scope.CITY},
    "duty.status": {
        Role.DUTY: Scope.CITY,
        Role.CLINICAL_LEAD: Scope.CITY,
        Role.COUNSELLOR: Scope.CITY,
        Role.DISTRICT_ADMIN: Scope.CITY,
        Role.CITY_ADMIN: Scope.CITY,
        Role.OPS: Scope.CITY,
    },
    "roster.read": {
        Role.DUTY: Scope.CITY,
        Role.CLINICAL_LEAD: Scope.CITY,
        Role.DISTRICT_ADMIN: Scope.CITY,
        Role.CITY_ADMIN: Scope.CITY,
    },
    "roster.plan": {
        Role.DUTY: Scope.CITY,
        Role.DISTRICT_ADMIN: Scope.SUBTREE,
        Role.CITY_ADMIN: Scope.CITY,
    },
    # notification
    "message.list": EVERYBODY,
    "message.read": EVERYBODY,
    "page.list": {
        Role.DUTY: Scope.OWN,
        Role.COUNSELLOR: Scope.OWN,
        Role.CLINICAL_LEAD: Scope.OWN,
        Role.CITY_ADMIN: Scope.OWN,
    },
    # reporting
    "indicator.list": {**ADMINS, Role.CLINICAL_LEAD: Scope.CITY},
    "edition.list": {**ADMINS, Role.CLINICAL_LEAD: Scope.CITY},
    "edition.close": {Role.CITY_ADMIN: Scope.CITY, Role.CLINICAL_LEAD: Scope.CITY},
    "target.list": {**ADMINS, Role.CLINICAL_LEAD: Scope.CITY},
    "target.set": {Role.CITY_ADMIN: Scope.CITY},
    "loop.read": {Role.OPS: Scope.CITY, Role.CLINICAL_LEAD: Scope.CITY},
    "ledger.rebuild": {Role.OPS: Scope.CITY},
    # chassis
    "parked.manage": {Role.OPS: Scope.CITY},
}


TEMPORARY = frozenset({"response.submit", "sitting.write", "slot.list", "appointment.book"})
"""All that a temporary worker may do: whoever provisioned the token could read the rest by it."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking: a pseudonym, roles, and the unit they hold for."""

    person: UUID
    roles: frozenset[Role]
    unit: str
    temporary: bool = False

    def scope_of(self, action: str) -> Scope | None:
        """The widest scope any role gives for the action; None: not allowed at all."""
        if self.temporary and action not in TEMPORARY:
            return None
        grants = [scope for role, scope in ACCESS.get(action, {}).items() if role in self.roles]
        return max(grants, key=WIDTH.__getitem__, default=None)

    def covers(self, unit: str) -> bool:
        """Whether the unit lies in this person's subtree."""
        return unit == self.unit or unit.startswith(f"{self.unit}/")
