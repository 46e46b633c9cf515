"""Subscriptions in the database."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Row, insert, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.expression import cast, literal

from services.accounts.subscribers.domain import (
    DeliveryKind,
    NameTaken,
    Subscription,
    SubscriptionNotFound,
    SubscriptionState,
)
from services.accounts.subscribers.secrets import SigningKeys
from services.accounts.subscribers.tables import subscriptions
from services.chassis.statements import broken_rule
from services.chassis.vault import Vault

_FIELDS = (
    "title",
    "types",
    "url",
    "state",
    "reason",
    "last",
    "delivered",
    "confirmed",
    "oldest",
    "attempts",
    "failing_since",
    "due_at",
    "claim",
)
_CLAIM = text(
    """
    UPDATE subscriptions SET claim = :claim, claimed_until = now() + :lease
    WHERE id = (
        SELECT id FROM subscriptions
        WHERE kind = :kind AND state = 'active' AND due_at <= now()
          AND (claim IS NULL OR claimed_until < now())
        ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
    ) RETURNING *
    """
)


class SubscriptionRepository:
    """Subscriptions of one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    def get(self, subscription: UUID) -> Subscription:
        """Locked; raises SubscriptionNotFound."""
        query = select(subscriptions).where(subscriptions.c.id == subscription).with_for_update()
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise SubscriptionNotFound
        return subscription_of(row)

    def named(self, name: str) -> Subscription | None:
        """The one with this name, ended ones too."""
        query = select(subscriptions).where(subscriptions.c.name == name)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else subscription_of(row)

    def wanting(self, types: Collection[str]) -> Sequence[Subscription]:
        """Those that want one of these types, locked in the order of their ids."""
        wanted = cast(literal(list(types), ARRAY(TEXT)), ARRAY(TEXT))
        query = (
            select(subscriptions)
            .where(subscriptions.c.state != SubscriptionState.ENDED.value)
            .where(subscriptions.c.types.op("&&")(wanted))
            .order_by(subscriptions.c.id)
            .with_for_update()
        )
        return [subscription_of(row) for row in self._connection.execute(query)]

    def add(self, subscription: Subscription, secret_digest: bytes) -> None:
        """Store a new one; raises NameTaken."""
        values = {
            **_values(subscription),
            "id": subscription.id,
            "name": subscription.name,
            "kind": subscription.kind.value,
            "created_at": subscription.created_at,
            "secret_digest": secret_digest,
        }
        try:
            self._connection.execute(insert(subscriptions).values(**values))
        except IntegrityError as error:
            if broken_rule(error) == "uq_subscriptions_name":
                raise NameTaken from error
            raise

    def save(self, subscription: Subscription) -> None:
        """Store its present state."""
        self._set(subscription.id, **_values(subscription))

    def claim_due(self, kind: DeliveryKind, claim: UUID, lease: timedelta) -> Subscription | None:
        """Take the one that has waited longest, for so long; None where none is due."""
        values = {"kind": kind.value, "claim": claim, "lease": lease}
        row = self._connection.execute(_CLAIM, values).one_or_none()
        return None if row is None else subscription_of(row)

    def secret_digest(self, subscription: UUID) -> bytes:
        """What is kept of its secret."""
        query = select(subscriptions.c.secret_digest).where(subscriptions.c.id == subscription)
        return bytes(self._connection.execute(query).scalar_one())

    def set_secret_digest(self, subscription: UUID, digest: bytes) -> None:
        """Another secret."""
        self._set(subscription, secret_digest=digest)

    def signing_keys(self, subscription: UUID) -> SigningKeys | None:
        """What its webhook is signed with."""
        query = select(subscriptions.c.signing_keys).where(subscriptions.c.id == subscription)
        sealed = self._connection.execute(query).scalar_one()
        if sealed is None:
            return None
        opened = self._vault.open(None, bytes(sealed), _context(subscription))
        return msgspec.json.decode(opened, type=SigningKeys)

    def set_signing_keys(self, subscription: UUID, keys: SigningKeys) -> None:
        """Other keys, sealed by the key ring."""
        sealed = self._vault.seal(None, msgspec.json.encode(keys), _context(subscription))
        self._set(subscription, signing_keys=sealed)

    def _set(self, subscription: UUID, **values: Any) -> None:
        statement = update(subscriptions).where(subscriptions.c.id == subscription)
        self._connection.execute(statement.values(**values))


def subscription_of(row: Row[Any]) -> Subscription:
    """A row as a subscription."""
    values = {name: getattr(row, name) for name in ("id", "name", "created_at", *_FIELDS)}
    return Subscription(
        **{**values, "types": tuple(row.types), "state": SubscriptionState(row.state)},
        kind=DeliveryKind(row.kind),
    )


def _values(subscription: Subscription) -> dict[str, Any]:
    values = {name: getattr(subscription, name) for name in _FIELDS}
    return {**values, "types": list(subscription.types), "state": subscription.state.value}


def _context(subscription: UUID) -> str:
    return f"webhook-signing-keys:{subscription}"
