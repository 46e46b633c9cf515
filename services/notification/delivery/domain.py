"""Claims and outcomes: the right to make one attempt, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.contracts.notification import Channel
from services.notification.messages.domain import Delivery, Message, Reason, RetryPolicy, Value


def _seconds(*waits: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(seconds=wait) for wait in waits)


# About 17 hours: long enough for a mail server's bad night, and for every greylist.
ORDINARY = RetryPolicy(
    lease=timedelta(minutes=2), waits=_seconds(60, 300, 900, 3600, 4 * 3600, 12 * 3600)
)
# About ten minutes: by then the next officer has long been paged.
PAGES = RetryPolicy(
    lease=timedelta(seconds=30), waits=_seconds(5, 10, 20, 40, 60, 60, 120, 120, 180)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to make attempt number `attempt`, until `lease` after the claim's transaction."""

    delivery: UUID
    message: UUID
    channel: Channel
    person: UUID | None
    fallback: int | None
    kind: str
    values: Mapping[str, Value]
    urgent: bool
    attempt: int
    lease: timedelta
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message over."""


@dataclass(frozen=True, slots=True)
class Postponed:
    """Not now; a later attempt may do better."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Refused:
    """Never: another attempt would end the same way."""

    reason: Reason


Outcome = Accepted | Postponed | Refused


def policy_of(message: Message) -> RetryPolicy:
    """Pages are retried faster and given up sooner."""
    return PAGES if message.urgent else ORDINARY


def claim_of(message: Message, delivery: Delivery, values: Mapping[str, Value]) -> Claim:
    """The claim of a delivery's present attempt."""
    return Claim(
        delivery=delivery.id,
        message=message.id,
        channel=delivery.channel,
        person=message.person,
        fallback=message.fallback,
        kind=message.kind,
        values=values,
        urgent=message.urgent,
        attempt=delivery.attempts,
        lease=policy_of(message).lease,
        created_at=message.created_at,
    )
