"""Routes of operators: subscriptions made, listed, changed and ended; and events to be copied."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.accounts.settings import AccountsSettings
from services.accounts.subscribers.domain import (
    NameTaken,
    SubscriptionHasEnded,
    SubscriptionNotFound,
    UnknownType,
)
from services.accounts.subscribers.doors import MANAGE
from services.accounts.subscribers.endpoints import BadEndpoint, check_url
from services.accounts.subscribers.ports import Queues
from services.accounts.subscribers.queries import list_subscriptions, shown
from services.accounts.subscribers.schemas import (
    NewCredentialsSchema,
    NewSubscriptionSchema,
    SubscriptionChangeSchema,
    SubscriptionPageSchema,
    SubscriptionQuerySchema,
    SubscriptionSchema,
)
from services.accounts.subscribers.usecases.add_subscription import (
    AddSubscription,
    add_subscription,
)
from services.accounts.subscribers.usecases.change_subscription import (
    ChangeSubscription,
    change_subscription,
    end_subscription,
)
from services.accounts.subscribers.usecases.record_events import record_events
from services.accounts.subscribers.usecases.share import tidy_copies
from services.accounts.subscribers.wiring import Bell, CouriersProvider, QueuesProvider
from services.accounts.wiring import AccountsUnitOfWork, AccountsUnitOfWorkProvider
from services.chassis.batch import subscribe_batch
from services.chassis.container import SettingsProvider
from services.chassis.database import Database, DatabaseProvider
from services.chassis.http import Request, http
from services.chassis.queues import BrokerUnavailable, NeedsBroker
from services.chassis.timers import every
from services.contracts.envelope import Envelope

PATH = "/api/accounts/v1/subscriptions"


class SubscriberEntrypoints:
    """Operators see names, types and counters; never what a copy holds."""

    uow: AccountsUnitOfWork = AccountsUnitOfWorkProvider()
    configured: AccountsSettings = SettingsProvider()
    database: Database = DatabaseProvider()
    queues: Queues = QueuesProvider()
    couriers: Bell = CouriersProvider()

    @subscribe_batch("accounts.public-events")
    def copy_events(self, envelopes: Sequence[Envelope]) -> None:
        """Each subscription's copies, numbered; then the couriers are woken."""
        record_events(envelopes, uow=self.uow)
        self.couriers.call()

    @every(seconds=3600, name="subscription-copies")
    def tidy_copies(self) -> None:
        """Old copies go; grants that are over close."""
        tidy_copies(self.configured.copies_kept, uow=self.uow)

    @http(
        "POST",
        PATH,
        action=MANAGE,
        body=NewSubscriptionSchema,
        answer=NewCredentialsSchema,
        status=201,
        summary="Let another union system subscribe; its secrets are shown this once",
        errors=(NameTaken, UnknownType, BadEndpoint, BrokerUnavailable, NeedsBroker),
    )
    def add_subscription(self, request: Request) -> dict[str, Any]:
        """A queue of its own, or a webhook."""
        wanted = request.data
        command = AddSubscription(
            name=wanted["name"],
            title=wanted["title"],
            types=tuple(wanted["types"]),
            url=check_url(wanted["url"]) if wanted["url"] else None,
        )
        added, credentials = add_subscription(command, uow=self.uow, queues=self.queues)
        return {**shown(self.uow, added.id), "credentials": credentials}

    @http(
        "GET",
        PATH,
        action=MANAGE,
        query=SubscriptionQuerySchema,
        answer=SubscriptionPageSchema,
        summary="Subscriptions, by name",
    )
    def list_subscriptions(self, request: Request) -> dict[str, Any]:
        """Ended ones too."""
        with self.database.reading() as connection:
            return list_subscriptions(connection, **request.query)

    @http(
        "PATCH",
        f"{PATH}/<uuid:subscription>",
        action=MANAGE,
        body=SubscriptionChangeSchema,
        answer=SubscriptionSchema,
        summary="Other words, types from now on, or another endpoint",
        errors=(SubscriptionNotFound, SubscriptionHasEnded, UnknownType, BadEndpoint),
    )
    def change_subscription(self, request: Request, subscription: UUID) -> dict[str, Any]:
        """Copies that are recorded already stay."""
        wanted = dict(request.data)
        if "url" in wanted:
            check_url(wanted["url"])
        if "types" in wanted:
            wanted["types"] = tuple(wanted["types"])
        command = ChangeSubscription(subscription=subscription, **wanted)
        change_subscription(command, uow=self.uow)
        return shown(self.uow, subscription)

    @http(
        "DELETE",
        f"{PATH}/<uuid:subscription>",
        action=MANAGE,
        status=204,
        summary="End a subscription for good, with its queue and its secrets",
        errors=(SubscriptionNotFound, BrokerUnavailable),
    )
    def end_subscription(self, _request: Request, subscription: UUID) -> None:
        """What it has read already stays with it."""
        end_subscription(subscription, uow=self.uow, queues=self.queues)
