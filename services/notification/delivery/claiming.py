"""Claiming an attempt, in the transaction that decides to send, with the timer that recovers it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.notification.delivery.domain import Claim, claim_of, policy_of
from services.notification.messages.domain import Delivery, Message, Value
from services.notification.ports import NotificationWork

TIMER = "delivery"


def claim(
    message: Message,
    delivery: Delivery,
    *,
    uow: NotificationWork,
    values: Mapping[str, Value] | None = None,
) -> Claim:
    """Take the next attempt. If nobody settles it before the lease ends, its timer goes off."""
    delivery.attempts += 1
    arm(delivery, uow.now() + policy_of(message).lease, uow)
    return claim_of(message, delivery, values or message.values)


def arm(delivery: Delivery, at: datetime, uow: NotificationWork) -> None:
    """Set, or move, the timer of the present attempt."""
    payload = {"delivery": str(delivery.id), "attempt": delivery.attempts}
    uow.timers.set(TIMER, timer_key(delivery.id, delivery.attempts), at, payload)


def disarm(delivery: Delivery, uow: NotificationWork) -> None:
    """The present attempt is settled."""
    uow.timers.cancel(TIMER, timer_key(delivery.id, delivery.attempts))


def timer_key(delivery_id: UUID, attempt: int) -> str:
    """Each attempt has a timer of its own, so that a late one finds its attempt gone."""
    return f"{delivery_id}/{attempt}"
