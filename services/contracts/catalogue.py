"""The list of every event there is, by type."""

from services.contracts import accounts, assessment, booking, notification, reporting
from services.contracts.event import EventType, IntegrationEvent


def _events_of(module: object) -> list[EventType]:
    return [
        value
        for name, value in vars(module).items()
        if not name.startswith("_")
        and isinstance(value, type)
        and issubclass(value, IntegrationEvent)
        and value is not IntegrationEvent
    ]


SENDERS = (assessment, booking, notification, reporting, accounts)

EVENTS: dict[str, EventType] = {
    event.type: event for module in SENDERS for event in _events_of(module)
}
