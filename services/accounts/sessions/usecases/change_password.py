"""Change the own password: the present one is asked for, every other session ends."""

from dataclasses import dataclass
from uuid import UUID

from services.accounts.ports import AccountsWork
from services.accounts.sessions.current import check_standing
from services.accounts.sessions.domain import EndReason
from services.accounts.sessions.passwords import Passwords, check_new_password
from services.accounts.sessions.proving import prove
from services.chassis.clock import Clock


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
    """Raises WrongPassword, WeakPassword or TooManyFailures; SessionEnded where somebody else, with
    another new password, ended this session while the old one was proved.
    """
    with uow:
        check_new_password(command.new, uow.people.profile(command.person).handles)
    prove(
        command.person, command.current, field="current", uow=uow, passwords=passwords, clock=clock
    )
    hashed = passwords.hash(command.new)
    with uow:
        check_standing(command.session, command.person, uow)
        uow.credentials.replace(command.person, hashed, clock.now())
        uow.sessions.end_all(command.person, EndReason.PASSWORD_CHANGED, but=command.session)
        uow.commit()
