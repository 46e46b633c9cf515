"""Routes and timers of one-time codes."""

from uuid import UUID

from services.accounts.codes.domain import CodeNotAccepted, PasswordAlreadySet, SecondPersonNeeded
from services.accounts.codes.schemas import (
    PrintedCodeSchema,
    ResetRequestSchema,
    SetPasswordSchema,
)
from services.accounts.codes.usecases.deliver_code import DeliverCode, Messenger, deliver_code
from services.accounts.codes.usecases.print_first_code import (
    PrintedCode,
    PrintFirstCode,
    print_first_code,
)
from services.accounts.codes.usecases.request_reset import (
    RESET_TIMER,
    RequestReset,
    request_reset,
)
from services.accounts.codes.usecases.set_password import SetPassword, set_password
from services.accounts.codes.usecases.start_reset import MESSAGE_TIMER, StartReset, start_reset
from services.accounts.people.domain import PersonNotFound
from services.accounts.people.granting import RoleAboveYours
from services.accounts.sessions.passwords import Passwords, WeakPassword
from services.accounts.sessions.throttling import TooManyFailures
from services.accounts.wiring import (
    AccountsUnitOfWork,
    AccountsUnitOfWorkProvider,
    MessengerProvider,
    PasswordsProvider,
)
from services.chassis.clock import Clock
from services.chassis.container import ClockProvider
from services.chassis.http import Request, Response, http, json_response
from services.chassis.timers import DueTimer, on_due


class CodeEntrypoints:
    """The way to a first password, or to a new one."""

    uow: AccountsUnitOfWork = AccountsUnitOfWorkProvider()
    passwords: Passwords = PasswordsProvider()
    messenger: Messenger = MessengerProvider()
    clock: Clock = ClockProvider()

    @http(
        "POST",
        "/api/accounts/v1/password-resets",
        action=None,
        body=ResetRequestSchema,
        status=202,
        idempotent=False,
        summary="Ask for a code to set a new password; the answer is the same for everybody",
    )
    def request_reset(self, request: Request) -> Response:
        """Whether anybody has this login stays unsaid."""
        command = RequestReset(request.data["login"], request.remote_addr)
        request_reset(command, uow=self.uow, clock=self.clock)
        return json_response({}, 202)

    @http(
        "POST",
        "/api/accounts/v1/passwords",
        action=None,
        body=SetPasswordSchema,
        status=204,
        idempotent=False,
        summary="Set a password with a one-time code",
        errors=(CodeNotAccepted, WeakPassword, TooManyFailures),
    )
    def set_password(self, request: Request) -> None:
        """The first one, or a new one."""
        command = SetPassword(**request.data, address=request.remote_addr)
        set_password(command, uow=self.uow, passwords=self.passwords, clock=self.clock)

    @http(
        "POST",
        "/api/accounts/v1/people/<uuid:person>/first-password-codes",
        action="first-password-code.print",
        answer=PrintedCodeSchema,
        status=201,
        summary="Print a code for somebody who has no password yet",
        errors=(PersonNotFound, RoleAboveYours, PasswordAlreadySet, SecondPersonNeeded),
    )
    def print_first_code(self, request: Request, person: UUID) -> PrintedCode:
        """An earlier code of the person is worth nothing any more."""
        command = PrintFirstCode(person, request.principal)
        return print_first_code(command, uow=self.uow, clock=self.clock)

    @on_due(RESET_TIMER)
    def reset_requested(self, timer: DueTimer) -> None:
        """Look up whom the wish concerns."""
        start_reset(StartReset(timer.payload["login"]), uow=self.uow, clock=self.clock)

    @on_due(MESSAGE_TIMER)
    def code_to_deliver(self, timer: DueTimer) -> None:
        """Raising leaves the timer, which comes again a little later."""
        command = DeliverCode(UUID(timer.key), UUID(timer.payload["person"]), timer.payload["code"])
        deliver_code(command, uow=self.uow, messenger=self.messenger, clock=self.clock)
