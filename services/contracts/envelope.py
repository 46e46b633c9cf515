"""The CloudEvents 1.0 envelope an event travels in, to and from structured JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from services.contracts.catalogue import EVENTS
from services.contracts.event import IntegrationEvent, Moment

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
ESCAPED_NUL = rb"\u0000"
PREFIXES = ("cloudEvents_", "cloudEvents:", "ce-")


class UnreadableEvent(ValueError):
    """The bytes are not an event this system knows; no retry can mend that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One event with its CloudEvents attributes and the project's extensions (design 6).

    `sequence` counts the events of one `subject` from 1 without gaps; `correlation_id` is the
    whole loop's, `causation_id` the event or request that led to this one.
    """

    id: UUID
    type: str
    subject: str
    time: datetime
    correlation_id: str
    sequence: int
    data: IntegrationEvent
    causation_id: str | None = None
    traceparent: str | None = None
    unit: str = ""

    @property
    def source(self) -> str:
        """The CloudEvents source: the sending service."""
        return f"/huixin/{self.data.sender()}"

    def attributes(self) -> dict[str, str]:
        """The context attributes, as text, without the data."""
        found: dict[str, str | None] = {
            "specversion": "1.0",
            "id": str(self.id),
            "source": self.source,
            "type": self.type,
            "subject": self.subject,
            "time": wire_time(self.time),
            "dataclass": self.data.dataclass.value,
            "correlationid": self.correlation_id,
            "causationid": self.causation_id,
            "sequence": str(self.sequence),
            "traceparent": self.traceparent,
            "unit": self.unit or None,
        }
        return {name: value for name, value in found.items() if value is not None}

    def headers(self) -> dict[str, str]:
        """The attributes as AMQP headers."""
        return {f"cloudEvents_{name}": value for name, value in self.attributes().items()}

    def encode(self) -> bytes:
        """Structured-mode JSON."""
        return encode_structured(self.attributes(), msgspec.to_builtins(self.data))


def wire_time(moment: datetime) -> str:
    """RFC 3339 in UTC with a `Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def encode_structured(
    attributes: Mapping[str, str], data: Mapping[str, Any] | msgspec.Raw
) -> bytes:
    """Structured-mode JSON of attributes (as `Envelope.attributes`) and JSON-able or ready data."""
    return msgspec.json.encode({**attributes, "datacontenttype": "application/json", "data": data})


class _Document(msgspec.Struct):
    """An event as it is on the wire."""

    id: UUID
    type: str
    subject: str
    time: Moment
    correlationid: str
    sequence: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
    data: msgspec.Raw
    dataclass: str | None = None
    causationid: str | None = None
    traceparent: str | None = None
    unit: str | None = None


_DOCUMENT = msgspec.json.Decoder(_Document, strict=False)
_DATA = {name: msgspec.json.Decoder(event, strict=False) for name, event in EVENTS.items()}


def decode(body: bytes) -> Envelope:
    """Read structured-mode JSON; unknown fields are ignored, an unknown type is refused."""
    if ESCAPED_NUL in body:
        raise UnreadableEvent("NUL, which no text column keeps")
    try:
        document = _DOCUMENT.decode(body)
        data = _DATA[document.type].decode(document.data)
    except (msgspec.MsgspecError, KeyError, ValueError, RecursionError) as error:
        raise UnreadableEvent(type(error).__name__) from error
    if (document.dataclass or data.dataclass) != data.dataclass:
        raise UnreadableEvent("dataclass")
    return Envelope(
        id=document.id,
        type=document.type,
        subject=document.subject,
        time=document.time,
        correlation_id=document.correlationid,
        causation_id=document.causationid,
        sequence=document.sequence,
        traceparent=document.traceparent,
        unit=document.unit or "",
        data=data,
    )


def attributes_from_headers(headers: Mapping[str, Any]) -> dict[str, str]:
    """CloudEvents attributes found among AMQP headers, whichever of the three prefixes is used."""
    return {
        name.removeprefix(prefix): str(value)
        for prefix in PREFIXES
        for name, value in headers.items()
        if name.startswith(prefix)
    }
