"""Copies and grants in the database."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.accounts.subscribers.copies import Copy
from services.accounts.subscribers.grants import Grant, GrantNotFound
from services.accounts.subscribers.tables import copies, grants

_FORGET = text(
    """
    WITH gone AS (
        DELETE FROM subscription_copies WHERE recorded_at < :before RETURNING subscription, number
    ), newest AS (
        SELECT subscription, max(number) AS number FROM gone GROUP BY subscription
    )
    UPDATE subscriptions SET oldest = newest.number + 1
    FROM newest WHERE id = newest.subscription AND oldest <= newest.number
    """
)
_OVER = text(
    """
    SELECT * FROM sharing_grants
    WHERE (until <= :now OR withdrawn_at IS NOT NULL) AND confirmed_at IS NOT NULL
      AND EXISTS (
        SELECT 1 FROM subscription_copies copy
        WHERE copy.subscription = sharing_grants.subscription AND copy.type = sharing_grants.type
          AND copy.body IS NOT NULL
      )
    """
)


class CopyRepository:
    """Copies of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, subscription: UUID, new: Sequence[Copy]) -> None:
        """Store them."""
        rows = [{"subscription": subscription, **asdict(copy)} for copy in new]
        self._connection.execute(insert(copies), rows)

    def after(self, subscription: UUID, number: int, most: int) -> Sequence[Copy]:
        """The next copies, in order."""
        return copies_after(self._connection, subscription, number, most)

    def withdraw(self, subscription: UUID, kind: str) -> None:
        """Take the content of a type's copies away; their numbers stay."""
        those = (copies.c.subscription == subscription) & (copies.c.type == kind)
        self._connection.execute(update(copies).where(those).values(body=None))

    def forget(self, before: datetime) -> None:
        """Drop what was recorded before, and note the oldest that is left."""
        self._connection.execute(_FORGET, {"before": before})


def copies_after(
    connection: Connection, subscription: UUID, number: int, most: int
) -> Sequence[Copy]:
    """Up to `most` copies past a number, in order."""
    query = (
        select(copies)
        .where(copies.c.subscription == subscription, copies.c.number > number)
        .order_by(copies.c.number)
        .limit(most)
    )
    return [
        Copy(row.number, row.event, row.type, row.recorded_at, row.body)
        for row in connection.execute(query)
    ]


class GrantRepository:
    """Data-sharing grants of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, subscription: UUID, grant: UUID) -> Grant:
        """Locked; raises GrantNotFound."""
        those = (grants.c.id == grant) & (grants.c.subscription == subscription)
        row = self._connection.execute(select(grants).where(those).with_for_update()).one_or_none()
        if row is None:
            raise GrantNotFound
        return Grant(**row._mapping)

    def of(self, subscription: UUID) -> Sequence[Grant]:
        """All of a subscription's, newest first."""
        query = (
            select(grants)
            .where(grants.c.subscription == subscription)
            .order_by(grants.c.proposed_at.desc(), grants.c.id)
        )
        return [Grant(**row._mapping) for row in self._connection.execute(query)]

    def over(self, now: datetime) -> Sequence[Grant]:
        """Those past their time whose copies still show something."""
        return [Grant(**row._mapping) for row in self._connection.execute(_OVER, {"now": now})]

    def save(self, grant: Grant) -> None:
        """Store a new or changed one."""
        values = asdict(grant)
        statement = upsert(grants).values(**values)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=[grants.c.id], set_=values)
        )
