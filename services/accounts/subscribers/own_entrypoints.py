"""Routes of a subscriber itself: status, replay, checkpoint, pause, resume and secrets."""

from typing import Any
from uuid import UUID

from services.accounts.subscribers.domain import (
    NoSuchPoint,
    Subscription,
    SubscriptionHasEnded,
    SubscriptionNotFound,
)
from services.accounts.subscribers.doors import OWNER, OWNER_OR_OPERATOR
from services.accounts.subscribers.entrypoints import PATH
from services.accounts.subscribers.queries import read_copies, shown
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
from services.accounts.subscribers.wiring import Bell, CouriersProvider
from services.accounts.wiring import AccountsUnitOfWork, AccountsUnitOfWorkProvider
from services.chassis.database import Database, DatabaseProvider
from services.chassis.http import Request, http

ONE = f"{PATH}/<uuid:subscription>"
REFUSED = (SubscriptionNotFound, SubscriptionHasEnded)


class OwnSubscriptionEntrypoints:
    """HTTP Basic with the broker's user and secret; operators come in with their token."""

    uow: AccountsUnitOfWork = AccountsUnitOfWorkProvider()
    database: Database = DatabaseProvider()
    couriers: Bell = CouriersProvider()

    @http(
        "GET",
        ONE,
        action=None,
        door=OWNER_OR_OPERATOR,
        answer=SubscriptionSchema,
        summary="State, counter, and how far delivery and the subscriber have come",
        errors=REFUSED,
    )
    def subscription(self, request: Request, subscription: UUID) -> dict[str, Any]:
        """For its owner, or an operator."""
        return shown(self.uow, subscription)

    @http(
        "GET",
        f"{ONE}/events",
        action=None,
        door=OWNER,
        query=CopiesQuerySchema,
        answer=CopiesSchema,
        summary="Replay: copies past a number, in order",
        errors=(*REFUSED, NoSuchPoint),
    )
    def subscription_events(self, request: Request, subscription: UUID) -> dict[str, Any]:
        """For its owner alone: operators read no content."""
        found: Subscription = request.guest
        found.check_point(request.query["after"])
        with self.database.reading() as connection:
            return read_copies(connection, found, **request.query)

    @http(
        "PUT",
        f"{ONE}/checkpoint",
        action=None,
        door=OWNER,
        body=CheckpointSchema,
        answer=SubscriptionSchema,
        summary="The subscriber has everything up to this number",
        errors=(*REFUSED, NoSuchPoint),
    )
    def confirm_number(self, request: Request, subscription: UUID) -> dict[str, Any]:
        """So that operators see who is behind."""
        confirm_number(subscription, request.data["number"], uow=self.uow)
        return shown(self.uow, subscription)

    @http(
        "POST",
        f"{ONE}/pause",
        action=None,
        door=OWNER_OR_OPERATOR,
        answer=SubscriptionSchema,
        summary="Deliver nothing for now; copies go on being recorded",
        errors=REFUSED,
    )
    def pause_subscription(self, request: Request, subscription: UUID) -> dict[str, Any]:
        """By its owner, or an operator."""
        pause_subscription(subscription, uow=self.uow)
        return shown(self.uow, subscription)

    @http(
        "POST",
        f"{ONE}/resume",
        action=None,
        door=OWNER_OR_OPERATOR,
        body=ResumeSchema,
        answer=SubscriptionSchema,
        summary="Deliver again, from where it stood or from after a number",
        errors=(*REFUSED, NoSuchPoint),
    )
    def resume_subscription(self, request: Request, subscription: UUID) -> dict[str, Any]:
        """Paused, stopped or active: with `after` everything past that number comes once more."""
        resume_subscription(subscription, request.data["after"], uow=self.uow)
        self.couriers.call()
        return shown(self.uow, subscription)

    @http(
        "POST",
        f"{ONE}/secret",
        action=None,
        door=OWNER_OR_OPERATOR,
        answer=NewCredentialsSchema,
        summary="New secrets; the old signing key signs beside the new one for a day",
        errors=REFUSED,
    )
    def renew_secret(self, request: Request, subscription: UUID) -> dict[str, Any]:
        """By its owner, or an operator."""
        _, credentials = renew_secret(subscription, uow=self.uow)
        return {**shown(self.uow, subscription), "credentials": credentials}
