"""Who may act for a subscription: its owner with user and secret, or an operator with a token."""

from uuid import UUID

from services.accounts.subscribers.domain import SubscriptionNotFound
from services.accounts.subscribers.usecases.prove_subscriber import prove_subscriber
from services.accounts.wiring import AccountsUnitOfWork
from services.chassis.doors import Door
from services.chassis.errors import NotAllowed, NotAuthenticated
from services.chassis.request import Request
from services.chassis.runtime import Runtime

MANAGE = "subscription.manage"
CHALLENGE = {"WWW-Authenticate": 'Basic realm="huixin-subscriptions", charset="UTF-8"'}


def _owner(request: Request, runtime: Runtime) -> None:
    given = request.raw.authorization
    if given is None or given.type != "basic":
        raise NotAuthenticated(headers=CHALLENGE)
    uow = AccountsUnitOfWork(runtime.transaction(), runtime.keyring)
    found = prove_subscriber(given.username or "", given.password or "", uow=uow)
    if found is None:
        raise NotAuthenticated(headers=CHALLENGE)
    if found.id != UUID(str(request.path_values["subscription"])):
        raise SubscriptionNotFound
    request.guest = found


def _owner_or_operator(request: Request, runtime: Runtime) -> None:
    principal = request.principal_or_none
    if principal is None:
        _owner(request, runtime)
    elif principal.scope_of(MANAGE) is None:
        raise NotAllowed


OWNER = Door(_owner, ("subscriber",))
"""`request.guest` is the subscription."""

OWNER_OR_OPERATOR = Door(_owner_or_operator, ("subscriber", "person"))
