"""Refresh: each token is good once; a second use of one ends the session it belongs to."""

from dataclasses import dataclass

from services.accounts.keys.usecases import issue_token
from services.accounts.ports import AccountsWork
from services.accounts.sessions.domain import EndReason, RefreshToken, Session, SessionEnded
from services.accounts.sessions.usecases.sign_in import SignedIn
from services.chassis.clock import Clock


@dataclass(frozen=True, slots=True)
class RefreshSession:
    """Give a refresh token for new tokens."""

    token: str


def refresh_session(command: RefreshSession, *, uow: AccountsWork, clock: Clock) -> SignedIn:
    """Raises SessionEnded. The end of a session is kept although the request is refused."""
    with uow:
        token = RefreshToken.decode(command.token, uow.digest)
        session = uow.sessions.find(token.session)
        if session is None:
            raise SessionEnded
        signed_in = _rotate(session, token, uow, clock)
        uow.sessions.save(session)
        uow.commit()
    if signed_in is None:
        raise SessionEnded
    return signed_in


def _rotate(
    session: Session, token: RefreshToken, uow: AccountsWork, clock: Clock
) -> SignedIn | None:
    now = clock.now()
    if not session.rotate(token.generation, now):
        return None
    person = uow.people.get(session.person)
    if not person.active:
        session.end(EndReason.PERSON_ENDED)
        return None
    return SignedIn(
        person=person,
        name=uow.people.profile(person.id).name,
        access=issue_token(person, uow=uow, now=now, session=session.id),
        refresh=RefreshToken(session.id, session.generation).encode(uow.digest),
        session_ends=session.expires_at,
    )
