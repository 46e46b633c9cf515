"""Who may act for a subscription: an operator with a token, or its owner with user and secret."""

from dataclasses import dataclass
from uuid import UUID

from services.accounts.ports import AccountsWork
from services.accounts.subscribers.domain import Subscription, SubscriptionNotFound
from services.accounts.subscribers.usecases.prove_subscriber import prove_subscriber
from services.chassis.errors import NotAllowed, NotAuthenticated
from services.chassis.http import Request

MANAGE = "subscription.manage"
CHALLENGE = {"WWW-Authenticate": 'Basic realm="huixin-subscriptions", charset="UTF-8"'}


@dataclass(frozen=True, slots=True)
class Owner:
    """The subscriber itself."""

    subscription: Subscription


def owner_of(request: Request, subscription: UUID, uow: AccountsWork) -> Owner:
    """The subscriber, for its own subscription alone; raises NotAuthenticated."""
    given = request.raw.authorization
    if given is None or given.type != "basic":
        raise NotAuthenticated(headers=CHALLENGE)
    found = prove_subscriber(given.username or "", given.password or "", uow=uow)
    if found is None:
        raise NotAuthenticated(headers=CHALLENGE)
    if found.id != subscription:
        raise SubscriptionNotFound
    return Owner(found)


def owner_or_operator(request: Request, subscription: UUID, uow: AccountsWork) -> None:
    """Raises NotAuthenticated or NotAllowed."""
    principal = request.principal_or_none
    if principal is None:
        owner_of(request, subscription, uow)
    elif principal.scope_of(MANAGE) is None:
        raise NotAllowed
