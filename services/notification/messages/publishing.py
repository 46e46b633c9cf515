"""What the world hears of messages."""

from typing import Any

from services.contracts.event import IntegrationEvent
from services.contracts.notification import (
    Channel,
    MessageDeliveredV1,
    MessageFailedV1,
    MessageSentV1,
)
from services.notification.messages.domain import (
    DRILL,
    Message,
    MessageDelivered,
    MessageEvent,
    MessageFailed,
    MessageSent,
)
from services.notification.metrics import DELIVERIES, PAGES
from services.notification.ports import NotificationWork


def tell(message: Message, uow: NotificationWork) -> None:
    """Publish what happened to a message, in its own loop."""
    events, message.events = message.events, []
    if events and message.correlation_id:
        uow.follow(message.correlation_id)
    for event in events:
        DELIVERIES.labels(event.channel.value, _outcome(event), _reason(event)).inc()
        if message.urgent and event.channel is Channel.EMAIL:
            to = "officer" if message.person else "fallback"
            PAGES.labels(to, _outcome(event), str(message.kind == DRILL).lower()).inc()
        uow.publish(integration_event(event), unit=message.unit, urgent=message.urgent)


def integration_event(event: MessageEvent) -> IntegrationEvent:
    """The contract's form of a domain event."""
    message = event.message
    common: dict[str, Any] = {
        "message": message.id,
        "person": message.person,
        "kind": message.kind,
        "channel": event.channel,
        "case": message.about.case,
        "appointment": message.about.appointment,
        "offer": message.about.offer,
    }
    match event:
        case MessageSent():
            return MessageSentV1(**common)
        case MessageDelivered():
            return MessageDeliveredV1(**common)
        case MessageFailed():
            return MessageFailedV1(**common, reason=event.reason.value)


def _outcome(event: MessageEvent) -> str:
    return {MessageSent: "sent", MessageDelivered: "delivered", MessageFailed: "failed"}[
        type(event)
    ]


def _reason(event: MessageEvent) -> str:
    return event.reason.value if isinstance(event, MessageFailed) else ""
