"""Temporary workers end when their time is over."""

from services.accounts.ports import AccountsWork
from services.chassis.clock import Clock


def expire_temporary_workers(*, uow: AccountsWork, clock: Clock) -> int:
    """Returns how many ended."""
    with uow:
        ended = uow.people.end_expired(clock.now())
        uow.commit()
    return ended
