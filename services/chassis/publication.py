"""An event on its way out: a row of the outbox as the bytes and headers that others see."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from msgspec import Raw
from sqlalchemy import Row

from services.chassis.eventspans import traceparent_of
from services.chassis.tracing import Tracer
from services.contracts.catalogue import EVENTS
from services.contracts.envelope import encode_structured, wire_time


@dataclass(frozen=True, slots=True)
class Publication:
    """An event as the broker gets it; `route` (exchange, routing key, mandatory) where it is not
    its type's own.
    """

    id: str
    type: str
    body: bytes
    headers: Mapping[str, str]
    route: tuple[str, str, bool] | None = None


def publication_of(row: Row[Any], tracer: Tracer | None = None) -> Publication:
    """A claimed row of the outbox as the broker and the readers get it."""
    source, dataclass = _origin(row.type)
    attributes = {
        "specversion": "1.0",
        "id": row.id,
        "source": source,
        "type": row.type,
        "subject": row.subject,
        "time": wire_time(row.created_at),
        "dataclass": dataclass,
        "correlationid": row.correlation_id,
        "sequence": str(row.sequence),
    }
    if row.causation_id:
        attributes["causationid"] = row.causation_id
    if traceparent := traceparent_of(row, tracer):
        attributes["traceparent"] = traceparent
    if row.unit:
        attributes["unit"] = row.unit
    headers = {f"cloudEvents_{name}": value for name, value in attributes.items()}
    body = encode_structured(attributes, Raw(row.data))
    return Publication(row.id, row.type, body, headers)


@cache
def _origin(event_type: str) -> tuple[str, str]:
    event = EVENTS[event_type]
    return f"/huixin/{event.sender()}", event.dataclass.value
