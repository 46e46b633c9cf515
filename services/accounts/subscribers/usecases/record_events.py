"""Write down each subscriber's numbered copies, in one transaction with the events' inbox rows."""

from collections.abc import Sequence
from uuid import UUID

from services.accounts.ports import AccountsWork
from services.accounts.subscribers.copies import copy_of
from services.accounts.subscribers.domain import Subscription
from services.contracts import public
from services.contracts.envelope import Envelope


def record_events(envelopes: Sequence[Envelope], *, uow: AccountsWork) -> None:
    """Public events go to whoever asked for their type; others only while a grant is in force."""

    def pseudonym(subscription: Subscription, person: str) -> UUID:
        digest = uow.digest(f"{subscription.id}:{person}", "subscriber-pseudonym")
        return UUID(bytes=digest[:16], version=4)

    with uow:
        now = uow.now()
        for subscription in uow.subscriptions.wanting({each.type for each in envelopes}):
            opened = _opened(subscription, uow)
            wanted = [each for each in envelopes if each.type in opened]
            if not wanted:
                continue
            numbers = subscription.number(len(wanted), now)
            uow.copies.add(
                subscription.id,
                [
                    copy_of(each, number, subscription, pseudonym, now)
                    for each, number in zip(wanted, numbers, strict=True)
                ],
            )
            uow.subscriptions.save(subscription)
        uow.commit()


def _opened(subscription: Subscription, uow: AccountsWork) -> frozenset[str]:
    wanted = frozenset(subscription.types)
    if wanted <= set(public.PUBLIC):
        return wanted
    granted = {each.type for each in uow.grants.of(subscription.id) if each.in_force(uow.now())}
    return wanted & {*public.PUBLIC, *granted}
