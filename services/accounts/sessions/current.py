"""The session an access token belongs to: tokens outlive it by minutes, ways back in must not."""

from uuid import UUID

import jwt

from services.accounts.ports import AccountsWork
from services.accounts.sessions.domain import SessionEnded
from services.chassis.http import Request


def session_of(request: Request) -> UUID | None:
    """Of the token, which the entrypoint has checked already; a temporary worker's has none."""
    token = request.headers.get("Authorization", "").partition(" ")[2]
    claims = jwt.decode(token, options={"verify_signature": False})
    return UUID(claims["sid"]) if "sid" in claims else None


def check_standing(session: UUID | None, person: UUID, uow: AccountsWork) -> None:
    """Raise SessionEnded where the session is over, or somebody else's."""
    found = uow.sessions.find(session) if session else None
    if found is None or found.person != person or found.ended is not None:
        raise SessionEnded
