"""Routes of those who answer for data: what a subscriber gets beyond public events."""

from typing import Any
from uuid import UUID

from services.accounts.subscribers.domain import SubscriptionHasEnded, SubscriptionNotFound
from services.accounts.subscribers.entrypoints import PATH
from services.accounts.subscribers.grants import (
    BadGrantEnd,
    Grant,
    GrantNotFound,
    GrantNotOpen,
    NotShareable,
    SecondPersonNeeded,
)
from services.accounts.subscribers.schemas import GrantSchema, GrantsSchema, NewGrantSchema
from services.accounts.subscribers.usecases.share import (
    ProposeGrant,
    confirm_grant,
    propose_grant,
    withdraw_grant,
)
from services.accounts.wiring import AccountsUnitOfWork, AccountsUnitOfWorkProvider
from services.chassis.http import Request, http

GRANTS = f"{PATH}/<uuid:subscription>/grants"
GRANT = f"{GRANTS}/<uuid:grant>"
ACTION = "subscription.share"


class GrantEntrypoints:
    """Two people open a type; one closes it."""

    uow: AccountsUnitOfWork = AccountsUnitOfWorkProvider()

    @http(
        "GET",
        GRANTS,
        action=ACTION,
        answer=GrantsSchema,
        summary="A subscription's data-sharing grants",
        errors=(SubscriptionNotFound,),
    )
    def list_grants(self, _request: Request, subscription: UUID) -> dict[str, Any]:
        """Those that are over too."""
        with self.uow as uow:
            uow.subscriptions.get(subscription)
            return {"items": list(uow.grants.of(subscription))}

    @http(
        "POST",
        GRANTS,
        action=ACTION,
        body=NewGrantSchema,
        answer=GrantSchema,
        status=201,
        summary="Propose to share a type that is not public",
        errors=(SubscriptionNotFound, SubscriptionHasEnded, NotShareable, BadGrantEnd),
    )
    def propose_grant(self, request: Request, subscription: UUID) -> Grant:
        """It opens nothing before a second person confirms it."""
        command = ProposeGrant(
            subscription=subscription, by=request.principal.person, **request.data
        )
        return propose_grant(command, uow=self.uow)

    @http(
        "POST",
        f"{GRANT}/confirm",
        action=ACTION,
        answer=GrantSchema,
        summary="Confirm a grant, as the second person",
        errors=(GrantNotFound, SecondPersonNeeded, GrantNotOpen),
    )
    def confirm_grant(self, request: Request, subscription: UUID, grant: UUID) -> Grant:
        """From now on the type is copied, with pseudonyms of this subscriber's own."""
        by = request.principal.person
        return confirm_grant(subscription, grant, by, uow=self.uow)

    @http(
        "DELETE",
        GRANT,
        action=ACTION,
        status=204,
        summary="Withdraw a grant; copies that are kept lose their content at once",
        errors=(GrantNotFound,),
    )
    def withdraw_grant(self, _request: Request, subscription: UUID, grant: UUID) -> None:
        """One person is enough."""
        withdraw_grant(subscription, grant, uow=self.uow)
