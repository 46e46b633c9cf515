"""What the courier asks: the next consignment, and noting what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import msgspec

from services.accounts.ports import AccountsWork
from services.accounts.subscribers.copies import body_of, heartbeat_of
from services.accounts.subscribers.domain import DeliveryKind, Outcome, Subscription

LEASE = timedelta(minutes=2)
MOST = {DeliveryKind.QUEUE: 500, DeliveryKind.WEBHOOK: 50}


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message: its id, its number (a heartbeat has none), and what is sent."""

    id: str
    number: int | None
    body: bytes

    @property
    def attributes(self) -> dict[str, str]:
        """Its CloudEvents attributes."""
        document = msgspec.json.decode(self.body)
        return {
            name: value
            for name, value in document.items()
            if name not in {"data", "datacontenttype"}
        }


@dataclass(frozen=True, slots=True)
class Consignment:
    """Claimed for one courier until its lease ends."""

    subscription: Subscription
    parcels: Sequence[Parcel]
    signing_keys: Sequence[str]

    @property
    def heartbeat(self) -> bool:
        """Whether there was nothing to deliver, and this only says so."""
        return self.parcels[0].number is None


def claim_consignment(kind: DeliveryKind, *, uow: AccountsWork) -> Consignment | None:
    """The next copies of the subscription that has waited longest; None where none is due."""
    with uow:
        subscription = uow.subscriptions.claim_due(kind, uuid4(), LEASE)
        if subscription is None:
            return None
        copies = uow.copies.after(subscription.id, subscription.delivered, MOST[kind])
        keys, now = uow.subscriptions.signing_keys(subscription.id), uow.now()
        uow.commit()
    parcels = [Parcel(str(copy.event), copy.number, body_of(copy, subscription)) for copy in copies]
    if not parcels:
        number, body = heartbeat_of(subscription, now)
        parcels = [Parcel(number, None, body)]
    return Consignment(subscription, parcels, keys.good(now) if keys else [])


def settle_consignment(
    done: Consignment, outcome: Outcome, heartbeat: timedelta, *, uow: AccountsWork
) -> Subscription:
    """Note what came of it, unless the subscription was resumed, paused or ended meanwhile."""
    with uow:
        subscription = uow.subscriptions.get(done.subscription.id)
        if subscription.claim == done.subscription.claim:
            subscription.settle(outcome, uow.now(), heartbeat)
            uow.subscriptions.save(subscription)
        uow.commit()
    return subscription
