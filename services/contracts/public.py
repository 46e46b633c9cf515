"""What other union systems may get: which events, over which exchange, in which words."""

from services.contracts.catalogue import EVENTS
from services.contracts.event import DataClass, Json

EXCHANGE = "accounts.subscribers"
QUEUE_PREFIX = "subscriber."
USER_PREFIX = "subscriber-"

HEARTBEAT = "accounts.subscription-heartbeat.v1"
"""Says how far the counter is while nothing else is sent; it has no number of its own."""

WITHDRAWN = "accounts.copy-withdrawn.v1"
"""Stands in a numbered place whose event may no longer be shown."""


def _of(dataclass: DataClass) -> tuple[str, ...]:
    return tuple(sorted(kind for kind, event in EVENTS.items() if event.dataclass is dataclass))


PUBLIC = _of(DataClass.PUBLIC)
SHAREABLE = _of(DataClass.INTERNAL)
"""Types that a data-sharing grant can open to one subscriber; confidential ones never leave."""


_ATTRIBUTES: Json = {
    "specversion": {"const": "1.0"},
    "id": {"type": "string", "format": "uuid"},
    "source": {"const": "/huixin/accounts"},
    "subject": {"type": "string", "format": "uuid"},
    "time": {"type": "string", "format": "date-time"},
    "dataclass": {"const": "public"},
    "subscription": {"type": "string"},
}
_COUNTER = {"type": "integer", "minimum": 0}

SCHEMAS: dict[str, Json] = {
    HEARTBEAT: {
        "title": HEARTBEAT,
        "description": "How far the counter is; nothing else was sent for a while.",
        "type": "object",
        "required": [*_ATTRIBUTES, "type", "data"],
        "properties": {
            **_ATTRIBUTES,
            "type": {"const": HEARTBEAT},
            "data": {
                "type": "object",
                "required": ["last", "oldest"],
                "properties": {"last": _COUNTER, "oldest": _COUNTER},
            },
        },
    },
    WITHDRAWN: {
        "title": WITHDRAWN,
        "description": "This number's event may no longer be shown.",
        "type": "object",
        "required": [*_ATTRIBUTES, "type", "subscriptionsequence", "data"],
        "properties": {
            **_ATTRIBUTES,
            "type": {"const": WITHDRAWN},
            "subscriptionsequence": {"type": "string", "pattern": "^[1-9][0-9]*$"},
        },
    },
}
"""JSON Schema of the two messages that are about the delivery itself."""


def queue_of(subscriber: str) -> str:
    """The subscriber's own queue."""
    return f"{QUEUE_PREFIX}{subscriber}"


def user_of(subscriber: str) -> str:
    """The subscriber's broker user."""
    return f"{USER_PREFIX}{subscriber}"
