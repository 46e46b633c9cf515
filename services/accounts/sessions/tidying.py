"""Forgetting what no rule asks for any more."""

from datetime import datetime, timedelta

from services.accounts.ports import AccountsWork

KEPT_AFTER_END = timedelta(days=7)
FAILURES_KEPT = timedelta(days=1)


def forget_old(*, uow: AccountsWork, now: datetime) -> None:
    """Drop sessions that are long over and failures that are forgotten."""
    with uow:
        uow.sessions.forget_old(now - KEPT_AFTER_END)
        uow.throttles.forget_old(now - FAILURES_KEPT)
        uow.commit()
