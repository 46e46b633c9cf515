"""The present password, asked for again before what an open session alone must not do."""

from uuid import UUID

from services.accounts.ports import AccountsWork
from services.accounts.sessions.passwords import Passwords
from services.accounts.sessions.throttling import ACCOUNT, check_pauses
from services.chassis.clock import Clock
from services.chassis.errors import FieldError, UnprocessableInput


class WrongPassword(UnprocessableInput):
    """The present password is not the one given."""

    code = "wrong-password"
    title = "The present password is wrong"


def prove(
    person: UUID, given: str, *, field: str, uow: AccountsWork, passwords: Passwords, clock: Clock
) -> None:
    """Raises WrongPassword naming the field, or TooManyFailures: wrong ones are counted."""
    with uow:
        key = uow.digest(str(person), "failures-change")
        counted = uow.throttles.read([key])
        check_pauses([ACCOUNT.pause(counted.get(key), clock.now())])
        credential = uow.credentials.find(person)
    fits = passwords.verify(credential.password_hash if credential else None, given)
    with uow:
        if fits:
            uow.throttles.forget([key])
        else:
            uow.throttles.count([key], clock.now(), clock.now() - ACCOUNT.forgotten_after)
        uow.commit()
    if not fits:
        raise WrongPassword(errors=[FieldError(field, "this is not the present password", "wrong")])
