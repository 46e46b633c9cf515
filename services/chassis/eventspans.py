"""The spans of events: one that was sent, one that is handled, and those of a batch."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from services.chassis.context import Context
from services.chassis.inbox import Delivery
from services.chassis.traceparent import trace_id_of, write
from services.chassis.tracing import Attributes, Kind, Span, Tracer
from services.contracts.envelope import Envelope


def context_of(envelope: Envelope) -> Context:
    """The loop an event belongs to, continued by its reader."""
    return Context(
        correlation_id=envelope.correlation_id,
        causation_id=str(envelope.id),
        traceparent=envelope.traceparent,
    )


def traceparent_of(row: Row[Any], tracer: Tracer | None) -> str | None:
    """What an event names as its cause: its sending, or, untraced, what its own cause named.

    The sending's span id is taken from the event's, so that every attempt, of any replica, over
    the broker or past it, names the same.
    """
    if tracer is None:
        traceparent: str | None = row.traceparent
        return traceparent
    trace_id = trace_id_of(row.correlation_id)
    return write(trace_id, _span_id_of(row.id), sampled=tracer.keeps(trace_id))


def tell_sent(tracer: Tracer, row: Row[Any], *, posted: bool) -> None:
    """An event took this long from its change to the broker's confirm, or to its readers."""
    tracer.begin(
        Context(row.correlation_id, traceparent=row.traceparent),
        Kind.PRODUCER,
        f"publish {row.type}",
        {
            **_about("publish", "send", row.type, row.id),
            "huixin.posted": posted,
        },
        span_id=_span_id_of(row.id),
        started=int(row.created_at.timestamp() * 1e9),
    ).end()


def begin_handling(tracer: Tracer, delivery: Delivery, context: Context) -> Span:
    """A worker takes an event."""
    return tracer.begin(context, Kind.CONSUMER, f"process {delivery.queue}", _handling(delivery))


def begin_batch(
    tracer: Tracer, deliveries: Sequence[Delivery], queue: str, context: Context
) -> Span:
    """A worker takes many: a trace of its own, linked to theirs."""
    causes = [each.envelope.traceparent for each in deliveries]
    attributes: Attributes = {
        "messaging.system": "rabbitmq",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": queue,
        "messaging.batch.message_count": len(deliveries),
    }
    links = [cause for cause in causes if cause]
    return tracer.begin(context, Kind.CONSUMER, f"process batch {queue}", attributes, links=links)


def tell_batch(
    tracer: Tracer, deliveries: Sequence[Delivery], batch: Span, started: int, error: str
) -> None:
    """What became of each, in the trace of its own loop, linked to the batch."""
    links = [batch.context.traceparent or ""]
    for delivery in deliveries:
        context = context_of(delivery.envelope)
        if tracer.keeps(trace_id_of(context.correlation_id)):
            name, about = f"process {delivery.queue}", _handling(delivery)
            tracer.begin(context, Kind.CONSUMER, name, about, links=links, started=started).end(
                error
            )


def _handling(delivery: Delivery) -> Attributes:
    envelope = delivery.envelope
    return {
        **_about("process", "process", envelope.type, str(envelope.id)),
        "messaging.consumer.group.name": delivery.queue,
        "huixin.retry": delivery.retry,
    }


def _about(name: str, kind: str, event_type: str, event_id: str) -> Attributes:
    return {
        "messaging.system": "rabbitmq",
        "messaging.operation.name": name,
        "messaging.operation.type": kind,
        "messaging.destination.name": event_type,
        "messaging.message.id": event_id,
    }


def _span_id_of(event_id: str) -> str:
    return event_id.replace("-", "")[16:]
