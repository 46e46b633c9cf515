"""Let another union system subscribe."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from services.accounts.ports import AccountsWork
from services.accounts.subscribers.domain import (
    NAME,
    DeliveryKind,
    NameTaken,
    Subscription,
    checked_types,
)
from services.accounts.subscribers.ports import Queues
from services.accounts.subscribers.secrets import (
    Credentials,
    SigningKeys,
    digest_of,
    new_secret,
    new_signing_key,
)
from services.chassis.errors import FieldError, UnprocessableInput
from services.contracts import public


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSubscription:
    """`url` for a webhook; without one the subscriber gets a queue of its own."""

    name: str
    title: str
    types: tuple[str, ...]
    url: str | None = None


def add_subscription(
    command: AddSubscription, *, uow: AccountsWork, queues: Queues
) -> tuple[Subscription, Credentials]:
    """The subscription, and what is shown this once; raises NameTaken or UnknownType."""
    secret = new_secret()
    signing = new_signing_key() if command.url else None
    with uow:
        subscription = _subscription(command, uow.now())
        if uow.subscriptions.named(subscription.name) is not None:
            raise NameTaken
        uow.subscriptions.add(subscription, digest_of(secret))
        if signing:
            uow.subscriptions.set_signing_keys(subscription.id, SigningKeys(signing))
        else:
            queues.ensure(subscription.queue)
        uow.audit("subscription.add", subscription.id)
        uow.commit()
    return subscription, Credentials(public.user_of(subscription.name), secret, signing)


def renew_secret(subscription: UUID, *, uow: AccountsWork) -> tuple[Subscription, Credentials]:
    """A new secret, good at once in place of the old; a webhook's old key signs for a day more."""
    secret = new_secret()
    with uow:
        found = uow.subscriptions.get(subscription)
        found.check_not_ended()
        uow.subscriptions.set_secret_digest(subscription, digest_of(secret))
        keys = uow.subscriptions.signing_keys(subscription)
        if keys is not None:
            keys = keys.changed(uow.now())
            uow.subscriptions.set_signing_keys(subscription, keys)
        uow.audit("subscription.secret", subscription)
        uow.commit()
    user = public.user_of(found.name)
    return found, Credentials(user, secret, keys.current if keys else None)


def _subscription(command: AddSubscription, now: datetime) -> Subscription:
    if not NAME.fullmatch(command.name):
        expected = "expected 2 to 40 of a-z, 0-9 and single hyphens, beginning with a letter"
        raise UnprocessableInput(errors=[FieldError("name", expected, "name")])
    return Subscription(
        id=uuid4(),
        name=command.name,
        title=command.title,
        types=checked_types(command.types),
        kind=DeliveryKind.WEBHOOK if command.url else DeliveryKind.QUEUE,
        url=command.url,
        created_at=now,
        due_at=now,
    )
