"""What the world hears of escalations."""

from services.contracts.event import IntegrationEvent
from services.contracts.notification import (
    EscalationAcknowledgedV1,
    EscalationExpiredV1,
    EscalationRaisedV1,
)
from services.notification.escalations.domain import (
    Escalation,
    EscalationEvent,
    EscalationExpired,
    EscalationRaised,
)
from services.notification.ports import NotificationWork


def tell(escalation: Escalation, uow: NotificationWork) -> None:
    """Publish what happened to an escalation, in its case's loop."""
    events, escalation.events = escalation.events, []
    if events and escalation.correlation_id:
        uow.follow(escalation.correlation_id)
    for event in events:
        uow.publish(integration_event(event, escalation), unit=escalation.unit)


def integration_event(event: EscalationEvent, escalation: Escalation) -> IntegrationEvent:
    """The contract's form of a domain event."""
    of, case = escalation.id, escalation.case
    match event:
        case EscalationRaised(rung):
            return EscalationRaisedV1(
                escalation=of,
                case=case,
                officer=rung.officer,
                tier=rung.tier,
                round=escalation.round,
            )
        case EscalationExpired(number):
            return EscalationExpiredV1(escalation=of, case=case, round=number)
        case _:
            return EscalationAcknowledgedV1(escalation=of, case=case)
