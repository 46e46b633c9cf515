"""Ask for a new password: the answer and its time are the same whether or not anybody is meant."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from services.accounts.ports import AccountsWork
from services.accounts.sessions.counters import address_counter, login_counter
from services.accounts.sessions.throttling import Limit
from services.chassis.clock import Clock

RESET_TIMER = "password-reset"
SEALED_AS = "password-reset-login"
PER_LOGIN = Limit(3, timedelta(minutes=10), timedelta(hours=1), timedelta(hours=1))
PER_ADDRESS = Limit(30, timedelta(minutes=1), timedelta(hours=1), timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class RequestReset:
    """Somebody says this is their login."""

    login: str
    address: str


def request_reset(command: RequestReset, *, uow: AccountsWork, clock: Clock) -> None:
    """Note the wish; whom it concerns is looked up later, out of sight.

    One too many is dropped in silence, so that nobody's inbox can be flooded.
    """
    with uow:
        if _welcome(command, uow, clock.now()):
            sealed = uow.vault.seal(None, command.login.encode(), SEALED_AS)
            payload = {"login": base64.b64encode(sealed).decode()}
            uow.timers.set(RESET_TIMER, str(uuid4()), uow.now(), payload)
        uow.commit()


def _welcome(command: RequestReset, uow: AccountsWork, now: datetime) -> bool:
    counters = [
        login_counter("resets", command.login, PER_LOGIN, uow),
        address_counter("resets", command.address, PER_ADDRESS, uow),
    ]
    counted = uow.throttles.read([counter.key for counter in counters])
    if any(counter.limit.pause(counted.get(counter.key), now) for counter in counters):
        return False
    keys = [counter.key for counter in counters]
    uow.throttles.count(keys, now, now - timedelta(hours=1))
    return True
