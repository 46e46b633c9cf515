"""Temporary workers for one campaign: pseudonyms with a token, without name or password."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from services.accounts.keys.tokens import AccessToken
from services.accounts.keys.usecases import issue_tokens
from services.accounts.people.domain import Person
from services.accounts.ports import AccountsWork
from services.accounts.units.domain import UnitHasEnded
from services.accounts.units.reach import check_reach
from services.chassis.access import Principal
from services.chassis.clock import Clock

EXPIRY_TIMER = "temporary-workers-expiry"
MOST_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class ProvisionTemporaryWorkers:
    """So many, in this unit."""

    count: int
    unit: str
    by: Principal


def provision_temporary_workers(
    command: ProvisionTemporaryWorkers,
    *,
    uow: AccountsWork,
    clock: Clock,
    lifetime: timedelta,
) -> list[tuple[Person, AccessToken]]:
    """People that end by themselves when their only token does."""
    check_reach(command.by, command.unit)
    now = clock.now()
    with uow:
        if not uow.units.get(command.unit).active:
            raise UnitHasEnded
        people = [_temporary(command.unit, now + lifetime) for _ in range(command.count)]
        uow.people.add_many([(person, None) for person in people])
        tokens = issue_tokens(people, lifetime, uow=uow, now=now)
        uow.timers.set(EXPIRY_TIMER, str(uuid4()), uow.now() + lifetime)
        uow.audit("temporary-workers.provision", command.unit, reason=f"{command.count} people")
        uow.commit()
    return list(zip(people, tokens, strict=True))


def _temporary(unit: str, expires_at: datetime) -> Person:
    return Person(id=uuid4(), unit=unit, temporary=True, expires_at=expires_at)
