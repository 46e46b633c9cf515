"""Routes of a subscriber itself: status, replay, checkpoint, pause, resume and secrets."""

from typing import Any
from uuid import UUID

from services.accounts.subscribers.domain import (
    NoSuchPoint,
    Subscription,
    SubscriptionHasEnded,
    SubscriptionNotFound,
)
from services.accounts.subscribers.doors import owner_of, owner_or_operator
from services.accounts.subscribers.entrypoints import PATH
from services.accounts.subscribers.queries import read_copies, view_of
from services.accounts.subscribers.schemas import (
    CheckpointSchema,
    CopiesQuerySchema,
    CopiesSchema,
    NewCredentialsSchema,
    ResumeSchema,
    SubscriptionSchema,
)
from services.accounts.subscribers.usecases.add_subscription import renew_secret
from services.accounts.subscribers.usecases.change_subscription import (
    confirm_number,
    pause_subscription,
    resume_subscription,
)
from services.accounts.subscribers.wiring import DispatchProvider
from services.accounts.wiring import AccountsUnitOfWork, AccountsUnitOfWorkProvider
from services.chassis.database import Database, DatabaseProvider
from services.chassis.errors import NotAllowed, NotAuthenticated
from services.chassis.http import Request, http
from services.chassis.runtime import WakeUp

ONE = f"{PATH}/<uuid:subscription>"
REFUSED = (NotAuthenticated, NotAllowed, SubscriptionNotFound, SubscriptionHasEnded)


class OwnSubscriptionEntrypoints:
    """HTTP Basic with the broker's user and secret; operators come in with their token."""

    uow: AccountsUnitOfWork = AccountsUnitOfWorkProvider()
    database: Database = DatabaseProvider()
    dispatch: WakeUp = DispatchProvider()

    @http(
        "GET",
        ONE,
        action=None,
        answer=SubscriptionSchema,
        summary="State, counter, and how far delivery and the subscriber have come",
        errors=REFUSED,
    )
    def subscription(self, request: Request, subscription: UUID) -> dict[str, Any]:
        """For its owner, or an operator."""
        owner_or_operator(request, subscription, self.uow)
        with self.uow as uow:
            return view_of(uow.subscriptions.get(subscription), uow.connection)

    @http(
        "GET",
        f"{ONE}/events",
        action=None,
        query=CopiesQuerySchema,
        answer=CopiesSchema,
        summary="Replay: copies past a number, in order",
        errors=(*REFUSED, NoSuchPoint),
    )
    def subscription_events(self, request: Request, subscription: UUID) -> dict[str, Any]:
        """For its owner alone: operators read no content."""
        found = owner_of(request, subscription, self.uow).subscription
        found.check_point(request.query["after"])
        with self.database.reading() as connection:
            return read_copies(connection, found, **request.query)

    @http(
        "PUT",
        f"{ONE}/checkpoint",
        action=None,
        body=CheckpointSchema,
        answer=SubscriptionSchema,
        summary="The subscriber has everything up to this number",
        errors=(*REFUSED, NoSuchPoint),
    )
    def confirm_number(self, request: Request, subscription: UUID) -> dict[str, Any]:
        """So that operators see who is behind."""
        owner_of(request, subscription, self.uow)
        return self._shown(confirm_number(subscription, request.data["number"], uow=self.uow))

    @http(
        "POST",
        f"{ONE}/pause",
        action=None,
        answer=SubscriptionSchema,
        summary="Deliver nothing for now; copies go on being recorded",
        errors=REFUSED,
    )
    def pause_subscription(self, request: Request, subscription: UUID) -> dict[str, Any]:
        """By its owner, or an operator."""
        owner_or_operator(request, subscription, self.uow)
        return self._shown(pause_subscription(subscription, uow=self.uow))

    @http(
        "POST",
        f"{ONE}/resume",
        action=None,
        body=ResumeSchema,
        answer=SubscriptionSchema,
        summary="Deliver again, from where it stood or from after a number",
        errors=(*REFUSED, NoSuchPoint),
    )
    def resume_subscription(self, request: Request, subscription: UUID) -> dict[str, Any]:
        """Paused, stopped or active: with `after` everything past that number comes once more."""
        owner_or_operator(request, subscription, self.uow)
        resumed = resume_subscription(subscription, request.data["after"], uow=self.uow)
        self.dispatch.call()
        return self._shown(resumed)

    @http(
        "POST",
        f"{ONE}/secret",
        action=None,
        answer=NewCredentialsSchema,
        summary="New secrets; the old signing key signs beside the new one for a day",
        errors=REFUSED,
    )
    def renew_secret(self, request: Request, subscription: UUID) -> dict[str, Any]:
        """By its owner, or an operator."""
        owner_or_operator(request, subscription, self.uow)
        found, credentials = renew_secret(subscription, uow=self.uow)
        return {**self._shown(found), "credentials": credentials}

    def _shown(self, found: Subscription) -> dict[str, Any]:
        with self.database.reading() as connection:
            return view_of(found, connection)
