"""Access tokens: who, which roles, for which unit; nothing that names a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.accounts.people.domain import Person
from services.chassis.auth import AUDIENCE, ISSUER

LIFETIME = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A signed token and how long it is good."""

    text: str
    expires_in: int


def claims_of(
    person: Person, now: datetime, lifetime: timedelta, session: UUID | None = None
) -> dict[str, Any]:
    """The claims of a token for this person."""
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(person.id),
        "roles": sorted(role.value for role in person.roles),
        "unit": person.token_unit,
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
        "jti": str(uuid4()),
    }
    if session is not None:
        claims["sid"] = str(session)
    if person.temporary:
        claims["temporary"] = True
    return claims
