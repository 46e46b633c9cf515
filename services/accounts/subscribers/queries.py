"""Reads of subscriptions."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, func, select

from services.accounts.subscribers.copies import body_of
from services.accounts.subscribers.copy_storage import copies_after
from services.accounts.subscribers.domain import DeliveryKind, Subscription, SubscriptionNotFound
from services.accounts.subscribers.storage import subscription_of
from services.accounts.subscribers.tables import grants, subscriptions
from services.accounts.wiring import AccountsUnitOfWork
from services.chassis.paging import decode_cursor, page
from services.contracts import public

_SHOWN = (
    "id",
    "name",
    "title",
    "types",
    "url",
    "reason",
    "last",
    "delivered",
    "confirmed",
    "oldest",
    "failing_since",
    "due_at",
    "created_at",
)


def list_subscriptions(connection: Connection, cursor: str | None, limit: int) -> dict[str, Any]:
    """A page of them, by name."""
    query = select(subscriptions).order_by(subscriptions.c.name).limit(limit + 1)
    after = decode_cursor(cursor, (str,))
    if after is not None:
        query = query.where(subscriptions.c.name > after[0])
    rows = connection.execute(query).all()
    items = [view_of(subscription_of(row), connection) for row in rows]
    return page(rows, limit, lambda row: (row.name,), items)


def read_subscription(connection: Connection, subscription: UUID) -> dict[str, Any]:
    """One of them, as it is now; raises SubscriptionNotFound."""
    query = select(subscriptions).where(subscriptions.c.id == subscription)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise SubscriptionNotFound
    return view_of(subscription_of(row), connection)


def shown(uow: AccountsUnitOfWork, subscription: UUID) -> dict[str, Any]:
    """The same within a worker's own transaction, which sees what it has just changed."""
    with uow:
        return read_subscription(uow.connection, subscription)


def view_of(subscription: Subscription, connection: Connection) -> dict[str, Any]:
    """What its owner and operators see."""
    shown = {name: getattr(subscription, name) for name in _SHOWN}
    queue = subscription.queue if subscription.kind is DeliveryKind.QUEUE else None
    return {
        **shown,
        "kind": subscription.kind.value,
        "state": subscription.state.value,
        "queue": queue,
        "waiting_for_grant": sorted(_closed(subscription, connection)),
    }


def read_copies(
    connection: Connection, subscription: Subscription, after: int, limit: int
) -> dict[str, Any]:
    """Copies past a number, as they were or would be delivered."""
    found = copies_after(connection, subscription.id, after, limit)
    items = [msgspec.json.decode(body_of(copy, subscription)) for copy in found]
    last = max(subscription.last, found[-1].number if found else 0)
    return {"items": items, "last": last, "oldest": subscription.oldest}


def opened_types(connection: Connection, subscription: UUID) -> Sequence[str]:
    """Types that a grant in force opens, by the database's clock."""
    query = select(grants.c.type).where(
        grants.c.subscription == subscription,
        grants.c.confirmed_at.is_not(None),
        grants.c.withdrawn_at.is_(None),
        grants.c.until > func.now(),
    )
    return list(connection.execute(query).scalars())


def _closed(subscription: Subscription, connection: Connection) -> set[str]:
    private = set(subscription.types) - set(public.PUBLIC)
    return private - set(opened_types(connection, subscription.id)) if private else set()
