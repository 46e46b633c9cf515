"""Sign out: no token of the session is refreshed any more."""

from dataclasses import dataclass
from uuid import UUID

from services.accounts.ports import AccountsWork
from services.accounts.sessions.domain import EndReason


@dataclass(frozen=True, slots=True)
class SignOut:
    """End one session of a person; signing out twice is no error."""

    session: UUID
    person: UUID


def sign_out(command: SignOut, *, uow: AccountsWork) -> None:
    """End it."""
    with uow:
        session = uow.sessions.find(command.session)
        if session is not None and session.person == command.person:
            session.end(EndReason.SIGNED_OUT)
            uow.sessions.save(session)
        uow.commit()
