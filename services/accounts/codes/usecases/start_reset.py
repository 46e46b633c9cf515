"""A wish for a new password comes up: if it concerns somebody reachable, a code is on its way."""

import base64
from dataclasses import dataclass
from uuid import UUID, uuid4

from services.accounts.codes.destinations import destinations
from services.accounts.codes.domain import CodePurpose, new_code
from services.accounts.codes.usecases.request_reset import SEALED_AS
from services.accounts.people.find import find_person
from services.accounts.ports import AccountsWork
from services.chassis.clock import Clock

MESSAGE_TIMER = "one-time-message"
SEALED_CODE = "one-time-code"


@dataclass(frozen=True, slots=True)
class StartReset:
    """The sealed login of the request."""

    sealed_login: str


def start_reset(command: StartReset, *, uow: AccountsWork, clock: Clock) -> None:
    """Make the code and set the timer that sends it."""
    with uow:
        sealed = base64.b64decode(command.sealed_login)
        person = find_person(uow.vault.open(None, sealed, SEALED_AS).decode(), uow)
        if person is not None and person.active and destinations(person, uow):
            _send_code(person.id, uow, clock)
        uow.commit()


def _send_code(person: UUID, uow: AccountsWork, clock: Clock) -> None:
    code, text = new_code(uuid4(), person, CodePurpose.RESET, clock.now(), uow.digest)
    uow.codes.put(code)
    sealed = uow.vault.seal(person, text.encode(), SEALED_CODE)
    payload = {"person": str(person), "code": base64.b64encode(sealed).decode()}
    uow.timers.set(MESSAGE_TIMER, str(code.id), uow.now(), payload)
