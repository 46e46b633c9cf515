"""Routes of signing in, staying so, and leaving."""

from typing import Any

from services.accounts.people.domain import PersonNotFound
from services.accounts.sessions.current import session_of
from services.accounts.sessions.domain import SessionEnded
from services.accounts.sessions.passwords import Passwords, WeakPassword
from services.accounts.sessions.proving import WrongPassword
from services.accounts.sessions.schemas import (
    ChangePasswordSchema,
    RefreshSchema,
    SessionSchema,
    SignInSchema,
)
from services.accounts.sessions.throttling import TooManyFailures
from services.accounts.sessions.tidying import forget_old
from services.accounts.sessions.usecases.change_password import (
    ChangePassword,
    change_password,
)
from services.accounts.sessions.usecases.refresh_session import RefreshSession, refresh_session
from services.accounts.sessions.usecases.sign_in import (
    SessionLengths,
    SignedIn,
    SignIn,
    WrongLogin,
    sign_in,
)
from services.accounts.sessions.usecases.sign_out import SignOut, sign_out
from services.accounts.wiring import (
    REFRESH_REFUSED,
    SIGN_INS,
    AccountsUnitOfWork,
    AccountsUnitOfWorkProvider,
    PasswordsProvider,
    SessionLengthsProvider,
)
from services.chassis.clock import Clock
from services.chassis.container import ClockProvider
from services.chassis.http import Request, http
from services.chassis.timers import every

PATH = "/api/accounts/v1/sessions"


class SessionEntrypoints:
    """Sign-in, refresh, sign-out, the own password."""

    uow: AccountsUnitOfWork = AccountsUnitOfWorkProvider()
    passwords: Passwords = PasswordsProvider()
    lengths: SessionLengths = SessionLengthsProvider()
    clock: Clock = ClockProvider()

    @http(
        "POST",
        PATH,
        action=None,
        body=SignInSchema,
        answer=SessionSchema,
        status=201,
        idempotent=False,
        summary="Sign in",
        errors=(WrongLogin, TooManyFailures),
    )
    def sign_in(self, request: Request) -> dict[str, Any]:
        """With a login, member number or phone, and the password."""
        command = SignIn(**request.data, address=request.remote_addr)
        try:
            signed_in = sign_in(
                command,
                uow=self.uow,
                passwords=self.passwords,
                lengths=self.lengths,
                clock=self.clock,
            )
        except (WrongLogin, TooManyFailures) as refusal:
            SIGN_INS.labels(refusal.code).inc()
            raise
        SIGN_INS.labels("ok").inc()
        return _session(signed_in)

    @http(
        "POST",
        f"{PATH}/refresh",
        action=None,
        body=RefreshSchema,
        answer=SessionSchema,
        idempotent=False,
        summary="Give a refresh token for new tokens; each is good once",
        errors=(SessionEnded,),
    )
    def refresh(self, request: Request) -> dict[str, Any]:
        """Roles and unit are today's."""
        command = RefreshSession(request.data["refresh_token"])
        try:
            return _session(refresh_session(command, uow=self.uow, clock=self.clock))
        except SessionEnded:
            REFRESH_REFUSED.inc()
            raise

    @http(
        "DELETE",
        f"{PATH}/current",
        action="session.end",
        status=204,
        idempotent=False,
        summary="Sign out",
    )
    def sign_out(self, request: Request) -> None:
        """Access tokens that are about run out within minutes."""
        session = session_of(request)
        if session is not None:
            sign_out(SignOut(session, request.principal.person), uow=self.uow)

    @http(
        "PUT",
        "/api/accounts/v1/people/me/password",
        action="password.change",
        body=ChangePasswordSchema,
        status=204,
        idempotent=False,
        summary="Change the own password; every other session ends",
        errors=(PersonNotFound, SessionEnded, WrongPassword, WeakPassword, TooManyFailures),
    )
    def change_password(self, request: Request) -> None:
        """The present one is asked for."""
        command = ChangePassword(
            person=request.principal.person, **request.data, session=session_of(request)
        )
        change_password(command, uow=self.uow, passwords=self.passwords, clock=self.clock)

    @every(seconds=3600, name="old-sessions")
    def forget_old_sessions(self) -> None:
        """Ended sessions and forgotten failures go."""
        forget_old(uow=self.uow, now=self.clock.now())


def _session(signed_in: SignedIn) -> dict[str, Any]:
    person = signed_in.person
    document: dict[str, Any] = {
        "access_token": signed_in.access.text,
        "token_type": "Bearer",
        "expires_in": signed_in.access.expires_in,
        "person": {
            "id": person.id,
            "name": signed_in.name,
            "roles": sorted(role.value for role in person.roles),
            "unit": person.token_unit,
        },
        "refresh_token": signed_in.refresh,
        "session_expires_at": signed_in.session_ends,
    }
    if signed_in.device is not None:
        document["device"] = signed_in.device
    return document
