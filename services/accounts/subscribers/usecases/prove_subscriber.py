"""Who presents a subscriber's user and secret, to us or to the broker."""

from services.accounts.ports import AccountsWork
from services.accounts.subscribers.domain import (
    NAME,
    DeliveryKind,
    Subscription,
    SubscriptionState,
)
from services.accounts.subscribers.secrets import digest_of, is_secret
from services.contracts import public

NOBODYS = digest_of("")


def prove_subscriber(user: str, secret: str, *, uow: AccountsWork) -> Subscription | None:
    """The subscription whose user and secret these are, unless it has ended."""
    with uow:
        found = _subscription_of(user, uow)
        digest = uow.subscriptions.secret_digest(found.id) if found else NOBODYS
    return found if is_secret(secret, digest) and found is not None else None


def may_read(user: str, queue: str, *, uow: AccountsWork) -> bool:
    """Whether this broker user may read that queue: its own one, and no other."""
    with uow:
        found = _subscription_of(user, uow)
    return found is not None and found.kind is DeliveryKind.QUEUE and found.queue == queue


def is_subscriber(user: str, *, uow: AccountsWork) -> bool:
    """Whether this broker user reads some queue."""
    with uow:
        found = _subscription_of(user, uow)
    return found is not None and found.kind is DeliveryKind.QUEUE


def _subscription_of(user: str, uow: AccountsWork) -> Subscription | None:
    if not user.startswith(public.USER_PREFIX):
        return None
    name = user.removeprefix(public.USER_PREFIX)
    found = uow.subscriptions.named(name) if NAME.fullmatch(name) else None
    return None if found is None or found.state is SubscriptionState.ENDED else found
