"""Messages and deliveries as rows; whatever is loaded here is locked."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    delete,
    select,
    update,
)

from services.chassis.statements import fetch, insertion, postpone
from services.contracts.notification import Channel
from services.notification.messages.domain import (
    About,
    Delivery,
    DeliveryState,
    Message,
    Reason,
)
from services.notification.tables import deliveries, messages

_ADD, _ADD_DELIVERY = insertion(messages), insertion(deliveries)
# In one order everywhere, so that two transactions never wait for each other.
_OF_MAIL = """
    SELECT * FROM messages
    WHERE id IN (SELECT message FROM deliveries WHERE id = %(delivery)s
                 UNION ALL SELECT message FROM deliveries WHERE carried_by = %(delivery)s)
    ORDER BY id FOR UPDATE
"""
_DELIVERIES = "SELECT * FROM deliveries WHERE message = ANY(%(messages)s) ORDER BY id"
_ATTEMPT_OF = "SELECT attempts FROM deliveries WHERE id = %(delivery)s AND state = 'queued'"
_SAVE_DELIVERY = """
    UPDATE deliveries
    SET state = %(state)s, reason = %(reason)s, attempts = %(attempts)s,
        carried_by = %(carried_by)s, changed_at = %(changed_at)s
    WHERE id = %(id)s
"""


class MessageRows:
    """The messages of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._loaded: dict[UUID, Any] = {}

    def add(self, message: Message) -> None:
        """Keep a new message."""
        postpone(self._connection, _ADD, _message_row(message))
        for each in message.deliveries:
            row = {**_delivery_row(each), "message": message.id}
            postpone(self._connection, _ADD_DELIVERY, row)

    def save(self, message: Message) -> None:
        """Keep what changed since it was loaded: when it was read, and its deliveries."""
        if message.read_at != self._loaded.get(message.id):
            found = update(messages).where(messages.c.id == message.id)
            self._connection.execute(found.values(read_at=message.read_at))
        for each in message.deliveries:
            row = _delivery_row(each)
            if row != self._loaded.get(each.id):
                postpone(self._connection, _SAVE_DELIVERY, row)

    def of_person(self, message_id: UUID, person: UUID) -> Message | None:
        """One message of the person's own inbox."""
        found = self._load(messages.c.id == message_id, messages.c.person == person)
        return found[0] if found else None

    def unread(self, person: UUID, until: datetime) -> Sequence[Message]:
        """The person's unread messages up to a moment."""
        return self._load(
            messages.c.person == person,
            messages.c.read_at.is_(None),
            messages.c.created_at <= until,
        )

    def of_mail(self, delivery_id: UUID) -> Sequence[Message]:
        """The message a delivery belongs to, then those its mail speaks for; empty if unknown."""
        found = self._loaded_of(fetch(self._connection, _OF_MAIL, {"delivery": delivery_id}))
        return sorted(found, key=lambda message: delivery_id not in _ids(message))

    def attempt_of(self, delivery_id: UUID) -> int | None:
        """Which attempt a queued delivery is at, without locking it; None: it is not queued."""
        found = fetch(self._connection, _ATTEMPT_OF, {"delivery": delivery_id})
        return found[0].attempts if found else None

    def waiting_pages(self, recipient: str) -> Sequence[Message]:
        """Pages whose mail waits to be grouped for this recipient, oldest first."""
        kind, _, number = recipient.partition("/")
        whose = messages.c.fallback == int(number) if number else messages.c.person == UUID(kind)
        waiting = select(deliveries.c.message).where(
            deliveries.c.channel == Channel.EMAIL.value,
            deliveries.c.state == DeliveryState.QUEUED.value,
            deliveries.c.attempts == 0,
            deliveries.c.carried_by.is_(None),
        )
        found = self._load(whose, messages.c.urgent, messages.c.id.in_(waiting))
        return sorted(found, key=lambda message: message.created_at)

    def pages_of_case(self, case: UUID, officer: UUID) -> Sequence[Message]:
        """The pages one officer got for a case and has not read."""
        return self._load(
            messages.c.about_case == case,
            messages.c.person == officer,
            messages.c.read_at.is_(None),
        )

    def delete_older(self, than: datetime) -> int:
        """Forget messages past their retention; how many."""
        return self._connection.execute(
            delete(messages).where(messages.c.created_at < than)
        ).rowcount

    def _load(self, *where: ColumnElement[bool]) -> list[Message]:
        # In the order of _OF_MAIL.
        found = select(messages).where(*where).order_by(messages.c.id).with_for_update()
        return self._loaded_of(self._connection.execute(found).all())

    def _loaded_of(self, rows: Sequence[Any]) -> list[Message]:
        parts = self._deliveries([row.id for row in rows])
        self._loaded.update({row.id: row.read_at for row in rows})
        self._loaded.update({each.id: _delivery_row(each) for of in parts.values() for each in of})
        return [_message(row, parts[row.id]) for row in rows]

    def _deliveries(self, ids: Sequence[UUID]) -> dict[UUID, list[Delivery]]:
        parts: dict[UUID, list[Delivery]] = {each: [] for each in ids}
        if ids:
            for row in fetch(self._connection, _DELIVERIES, {"messages": list(ids)}):
                parts[row.message].append(_delivery(row))
        return parts


def _ids(message: Message) -> Iterable[UUID]:
    return (each.id for each in message.deliveries)


def _message_row(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "person": message.person,
        "fallback": message.fallback,
        "kind": message.kind,
        "params": json.dumps(message.values),
        "urgent": message.urgent,
        "about_case": message.about.case,
        "about_appointment": message.about.appointment,
        "about_offer": message.about.offer,
        "unit": message.unit,
        "correlation_id": message.correlation_id,
        "created_at": message.created_at,
        "useful_until": message.useful_until,
        "read_at": message.read_at,
    }


def _delivery_row(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "channel": delivery.channel.value,
        "state": delivery.state.value,
        "reason": delivery.reason.value if delivery.reason else None,
        "attempts": delivery.attempts,
        "carried_by": delivery.carried_by,
        "changed_at": delivery.changed_at,
    }


def _message(row: Any, parts: list[Delivery]) -> Message:
    return Message(
        id=row.id,
        person=row.person,
        fallback=row.fallback,
        kind=row.kind,
        values=dict(row.params),
        urgent=row.urgent,
        about=About(row.about_case, row.about_appointment, row.about_offer),
        unit=row.unit,
        correlation_id=row.correlation_id,
        created_at=row.created_at,
        useful_until=row.useful_until,
        read_at=row.read_at,
        deliveries=parts,
    )


def _delivery(row: Any) -> Delivery:
    return Delivery(
        id=row.id,
        channel=Channel(row.channel),
        state=DeliveryState(row.state),
        reason=Reason(row.reason) if row.reason else None,
        attempts=row.attempts,
        carried_by=row.carried_by,
        changed_at=row.changed_at,
    )
