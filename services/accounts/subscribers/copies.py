"""A subscriber's copy of an event: numbered, without what only we need, with its own pseudonyms."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec

from services.accounts.subscribers.domain import Subscription
from services.contracts import public
from services.contracts.envelope import Envelope, encode_structured, wire_time

PERSON_FIELDS = frozenset({"person", "counsellor", "officer"})
SOURCE = "/huixin/accounts"

Pseudonym = Callable[[Subscription, str], UUID]


@dataclass(frozen=True, slots=True)
class Copy:
    """One number of a subscription's counter; without a body once it may not be shown."""

    number: int
    event: UUID
    type: str
    recorded_at: datetime
    body: str | None


def copy_of(
    envelope: Envelope, number: int, subscription: Subscription, pseudonym: Pseudonym, now: datetime
) -> Copy:
    """The copy of an event that this subscription gets."""
    attributes = envelope.attributes()
    attributes.pop("traceparent", None)
    data: dict[str, Any] = msgspec.to_builtins(envelope.data)
    for field in PERSON_FIELDS & data.keys():
        if data[field] is not None:
            data[field] = str(pseudonym(subscription, data[field]))
    if envelope.data.subject in PERSON_FIELDS:
        attributes["subject"] = str(data[envelope.data.subject])
    body = encode_structured({**attributes, **_place(subscription, number)}, data).decode()
    return Copy(number, envelope.id, envelope.type, now, body)


def body_of(copy: Copy, subscription: Subscription) -> bytes:
    """What is sent: the copy, or a notice that it was withdrawn, under the same number."""
    if copy.body is not None:
        return copy.body.encode()
    attributes = _attributes(str(copy.event), public.WITHDRAWN, subscription, copy.recorded_at)
    return encode_structured({**attributes, **_place(subscription, copy.number)}, {})


def heartbeat_of(subscription: Subscription, now: datetime) -> tuple[str, bytes]:
    """Its id, and a message that says how far the counter is."""
    number = str(uuid4())
    attributes = _attributes(number, public.HEARTBEAT, subscription, now)
    data = {"last": subscription.last, "oldest": subscription.oldest}
    return number, encode_structured({**attributes, "subscription": subscription.name}, data)


def _place(subscription: Subscription, number: int) -> dict[str, str]:
    return {"subscription": subscription.name, "subscriptionsequence": str(number)}


def _attributes(
    number: str, kind: str, subscription: Subscription, time: datetime
) -> dict[str, str]:
    return {
        "specversion": "1.0",
        "id": number,
        "source": SOURCE,
        "type": kind,
        "subject": str(subscription.id),
        "time": wire_time(time),
        "dataclass": "public",
    }
