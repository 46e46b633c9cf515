"""Propose, confirm and withdraw a data-sharing grant."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from services.accounts.ports import AccountsWork
from services.accounts.subscribers.grants import Grant, check_terms


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeGrant:
    """Which type, for what, on what ground, and until when."""

    subscription: UUID
    type: str
    purpose: str
    basis: str
    until: datetime
    by: UUID


def propose_grant(command: ProposeGrant, *, uow: AccountsWork) -> Grant:
    """It opens nothing before a second person confirms it."""
    with uow:
        now = uow.now()
        check_terms(command.type, command.until, now)
        uow.subscriptions.get(command.subscription).check_not_ended()
        grant = Grant(
            id=uuid4(),
            subscription=command.subscription,
            type=command.type,
            purpose=command.purpose,
            basis=command.basis,
            until=command.until,
            proposed_by=command.by,
            proposed_at=now,
        )
        uow.grants.save(grant)
        uow.audit("grant.propose", grant.id)
        uow.commit()
    return grant


def confirm_grant(subscription: UUID, grant: UUID, by: UUID, *, uow: AccountsWork) -> Grant:
    """Raises SecondPersonNeeded where the proposer asks."""
    with uow:
        found = uow.grants.get(subscription, grant)
        found.confirm(by, uow.now())
        uow.grants.save(found)
        uow.audit("grant.confirm", grant)
        uow.commit()
    return found


def withdraw_grant(subscription: UUID, grant: UUID, *, uow: AccountsWork) -> None:
    """One person is enough; copies that are kept lose their content at once."""
    with uow:
        found = uow.grants.get(subscription, grant)
        found.withdraw(uow.now())
        uow.grants.save(found)
        _close(found, uow, uow.now())
        uow.audit("grant.withdraw", grant)
        uow.commit()


def tidy_copies(kept: timedelta, *, uow: AccountsWork) -> None:
    """Forget copies past their time, and close what a grant that is over had opened."""
    with uow:
        now = uow.now()
        for grant in uow.grants.over(now):
            _close(grant, uow, now)
        uow.copies.forget(now - kept)
        uow.commit()


def _close(grant: Grant, uow: AccountsWork, now: datetime) -> None:
    others = uow.grants.of(grant.subscription)
    if not any(each.type == grant.type and each.in_force(now) for each in others):
        uow.copies.withdraw(grant.subscription, grant.type)
