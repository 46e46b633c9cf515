"""Change the own password: the present one is asked for, every other session ends."""

from dataclasses import dataclass
from uuid import UUID

from services.accounts.ports import AccountsWork
from services.accounts.sessions.domain import EndReason
from services.accounts.sessions.passwords import Passwords, check_new_password
from services.accounts.sessions.throttling import ACCOUNT, check_pauses
from services.chassis.clock import Clock
from services.chassis.errors import FieldError, UnprocessableInput


class WrongPassword(UnprocessableInput):
    """The present password is not the one given."""

    code = "wrong-password"
    title = "The present password is wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    """The person's own wish; `session` goes on."""

    person: UUID
    current: str
    new: str
    session: UUID | None


def change_password(
    command: ChangePassword, *, uow: AccountsWork, passwords: Passwords, clock: Clock
) -> None:
    """Raises WrongPassword, WeakPassword or TooManyFailures."""
    with uow:
        key = uow.digest(str(command.person), "failures-change")
        counted = uow.throttles.read([key])
        check_pauses([ACCOUNT.pause(counted.get(key), clock.now())])
        credential = uow.credentials.find(command.person)
        check_new_password(command.new, uow.people.profile(command.person).handles)
    fits = passwords.verify(credential.password_hash if credential else None, command.current)
    hashed = passwords.hash(command.new) if fits else ""
    with uow:
        if fits:
            uow.throttles.forget([key])
            uow.credentials.replace(command.person, hashed, clock.now())
            uow.sessions.end_all(command.person, EndReason.PASSWORD_CHANGED, but=command.session)
        else:
            uow.throttles.count([key], clock.now(), clock.now() - ACCOUNT.forgotten_after)
        uow.commit()
    if not fits:
        raise WrongPassword(
            errors=[FieldError("current", "this is not the present password", "wrong")]
        )
