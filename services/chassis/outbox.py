"""The outbox: events become rows in the transaction of the change that caused them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import Connection

from services.chassis.context import Context
from services.chassis.statements import postpone
from services.contracts.event import IntegrationEvent

_INSERT = """
    WITH numbered AS (
        INSERT INTO outbox_sequences (subject, last) VALUES (%(numbered)s, 1)
        ON CONFLICT (subject) DO UPDATE SET last = outbox_sequences.last + 1
        RETURNING last
    )
    INSERT INTO outbox (id, type, subject, sequence, unit, correlation_id, causation_id,
                        traceparent, data, urgent)
    SELECT %(id)s, %(type)s, %(subject)s, numbered.last, %(unit)s, %(correlation_id)s,
           %(causation_id)s, %(traceparent)s, %(data)s::jsonb, %(urgent)s
    FROM numbered
"""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An event on its way into the outbox, as part of the loop it was published in."""

    event: IntegrationEvent
    context: Context
    unit: str
    urgent: bool


def store_outgoing(connection: Connection, outgoing: Outgoing) -> UUID:
    """Write the row, at the latest with the commit; its sequence number is its subject's next.

    Returns the event's id.
    """
    event_id = uuid4()
    postpone(connection, _INSERT, _row(event_id, outgoing))
    return event_id


def _row(event_id: UUID, outgoing: Outgoing) -> dict[str, Any]:
    event, context = outgoing.event, outgoing.context
    subject = event.subject_id()
    return {
        "id": event_id,
        "type": event.type,
        "subject": subject,
        "numbered": f"{event.subject}:{subject}",
        "unit": outgoing.unit,
        "correlation_id": context.correlation_id,
        "causation_id": context.causation_id,
        "traceparent": context.traceparent,
        "data": msgspec.json.encode(event).decode(),
        "urgent": outgoing.urgent,
    }
