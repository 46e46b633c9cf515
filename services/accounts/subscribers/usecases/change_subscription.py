"""Change, pause, resume or end a subscription, or say how far one has come."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from services.accounts.ports import AccountsWork
from services.accounts.subscribers.domain import DeliveryKind, Subscription
from services.accounts.subscribers.ports import Queues


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSubscription:
    """What is to be another; None leaves it."""

    subscription: UUID
    title: str | None = None
    types: tuple[str, ...] | None = None
    url: str | None = None


def change_subscription(command: ChangeSubscription, *, uow: AccountsWork) -> Subscription:
    """Raises UnknownType or SubscriptionHasEnded."""

    def change(subscription: Subscription) -> None:
        subscription.change(command.title, command.types, command.url)

    return _change(command.subscription, "subscription.change", change, uow)


def pause_subscription(subscription: UUID, *, uow: AccountsWork) -> Subscription:
    """Deliver nothing for now."""
    return _change(subscription, "subscription.pause", Subscription.pause, uow)


def resume_subscription(
    subscription: UUID, after: int | None, *, uow: AccountsWork
) -> Subscription:
    """Deliver again, from where it stood or after a number; raises NoSuchPoint."""
    return _change(
        subscription, "subscription.resume", lambda each: each.resume(uow.now(), after), uow
    )


def end_subscription(subscription: UUID, *, uow: AccountsWork, queues: Queues) -> None:
    """For good: the queue goes, the credentials open nothing."""

    def end(each: Subscription) -> None:
        each.end()
        if each.kind is DeliveryKind.QUEUE:
            queues.remove(each.queue)

    _change(subscription, "subscription.end", end, uow)


def confirm_number(subscription: UUID, number: int, *, uow: AccountsWork) -> Subscription:
    """The subscriber has everything up to this number."""
    with uow:
        found = uow.subscriptions.get(subscription)
        found.confirm(number)
        uow.subscriptions.save(found)
        uow.commit()
    return found


def _change(
    subscription: UUID, action: str, change: Callable[[Subscription], None], uow: AccountsWork
) -> Subscription:
    with uow:
        found = uow.subscriptions.get(subscription)
        change(found)
        uow.subscriptions.save(found)
        uow.audit(action, subscription)
        uow.commit()
    return found
