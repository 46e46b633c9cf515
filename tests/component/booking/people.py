"""A toy accounts service that tells the roles of the people a test enrolled."""

from typing import Any
from uuid import UUID, uuid4

from services.chassis.errors import NotFound, Unavailable
from services.chassis.http import INTERNAL, Request, http
from services.chassis.service import Probes

PEOPLE: dict[UUID, dict[str, Any]] = {}
AWAY = uuid4()


class ToyAccounts(Probes):
    """Answers as accounts does; about the person AWAY it cannot."""

    name = "accounts"

    @http("GET", "/internal/v1/people/<uuid:person>/roles", action=INTERNAL, callers=("booking",))
    def roles_of(self, _request: Request, person: UUID) -> dict[str, Any]:
        if person == AWAY:
            raise Unavailable
        if person not in PEOPLE:
            raise NotFound
        return PEOPLE[person]


def enrolled(*roles: str, person: UUID | None = None, unit: str = "wh/hc") -> UUID:
    """A person whom accounts knows by these roles."""
    known = person or uuid4()
    PEOPLE[known] = {"person": str(known), "roles": list(roles), "unit": unit}
    return known
