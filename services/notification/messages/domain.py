"""Messages and their deliveries: what was said to whom, and what became of it on each channel."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.contracts.notification import Channel

Value = str | int

# The kind of a page that rehearses one.
DRILL = "duty-drill"


class DeliveryState(StrEnum):
    """The truth about one channel; `failed` always says why."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


class Reason(StrEnum):
    """Why a channel failed or waits: codes, never an address or a server's own words."""

    NO_ADDRESS = "no-address"
    NOT_NEEDED = "not-needed"
    TOO_LATE = "too-late"
    NO_CHANNEL = "no-channel"
    ADDRESS_UNKNOWN = "address-unknown"
    RECIPIENT_REFUSED = "recipient-refused"
    CONTENT_REFUSED = "content-refused"
    SENDER_REFUSED = "sender-refused"
    LOGIN_REFUSED = "login-refused"
    TLS_MISSING = "tls-missing"
    TRY_LATER = "try-later"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    BROKEN = "broken"


# Nothing went wrong: there is no way out, or the message outlived its purpose.
QUIET_REASONS = frozenset(
    {Reason.NO_ADDRESS, Reason.NO_CHANNEL, Reason.NOT_NEEDED, Reason.TOO_LATE}
)


@dataclass(frozen=True, slots=True)
class MessageSent:
    """A channel took the message."""

    message: "Message"
    channel: Channel


@dataclass(frozen=True, slots=True)
class MessageDelivered:
    """The person has seen it, or the provider says so."""

    message: "Message"
    channel: Channel


@dataclass(frozen=True, slots=True)
class MessageFailed:
    """It will not arrive on this channel."""

    message: "Message"
    channel: Channel
    reason: Reason


MessageEvent = MessageSent | MessageDelivered | MessageFailed


@dataclass(frozen=True, slots=True)
class About:
    """What a message belongs to; ids only."""

    case: UUID | None = None
    appointment: UUID | None = None
    offer: UUID | None = None


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """When an attempt counts as lost, and the waits between attempts; then it is given up."""

    lease: timedelta
    waits: tuple[timedelta, ...]

    def wait_after(self, attempts: int) -> timedelta | None:
        """The pause after this many attempts; None when there shall be no further one."""
        return self.waits[attempts - 1] if attempts <= len(self.waits) else None


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One channel's part of a message.

    `attempts` counts claims: whoever claims an attempt is the only one to make it, until the
    lease ends. `carried_by` names the delivery whose mail spoke for this one too (grouped pages).
    """

    id: UUID
    channel: Channel
    state: DeliveryState = DeliveryState.QUEUED
    reason: Reason | None = None
    attempts: int = 0
    carried_by: UUID | None = None
    changed_at: datetime

    @property
    def open(self) -> bool:
        return self.state is DeliveryState.QUEUED

    def to(self, state: DeliveryState, now: datetime, reason: Reason | None = None) -> None:
        self.state, self.reason, self.changed_at = state, reason, now


@dataclass(slots=True, kw_only=True)
class Message:
    """Something said to a person, or (`person` None) to the city's fallback contact number
    `fallback`. It holds values, not words: they are rendered in the reader's language.
    """

    id: UUID
    person: UUID | None
    kind: str
    values: dict[str, Value]
    created_at: datetime
    about: About
    fallback: int | None
    urgent: bool
    unit: str
    correlation_id: str
    useful_until: datetime | None
    read_at: datetime | None = None
    deliveries: list[Delivery]
    events: list[MessageEvent] = field(default_factory=list)

    def by(self, channel: Channel) -> Delivery | None:
        """This message's part on a channel."""
        return next((each for each in self.deliveries if each.channel is channel), None)

    def delivery(self, delivery_id: UUID) -> Delivery:
        """One of this message's deliveries."""
        return next(each for each in self.deliveries if each.id == delivery_id)

    def sent(self, delivery: Delivery, now: datetime) -> None:
        """The channel took it; told once."""
        if delivery.open:
            delivery.to(DeliveryState.SENT, now)
            self.events.append(MessageSent(self, delivery.channel))

    def failed(self, delivery: Delivery, reason: Reason, now: datetime) -> None:
        """The channel is given up; told, unless nothing went wrong and nobody is paged."""
        if not delivery.open:
            return
        delivery.to(DeliveryState.FAILED, now, reason)
        alarming = self.urgent and reason is Reason.NO_ADDRESS
        if alarming or reason not in QUIET_REASONS:
            self.events.append(MessageFailed(self, delivery.channel, reason))

    def read(self, now: datetime) -> None:
        """The person has seen it; what the inbox holds has thereby arrived. Once."""
        if self.read_at is not None:
            return
        self.read_at = now
        inbox = self.by(Channel.IN_APP)
        if inbox is not None and inbox.state is DeliveryState.SENT:
            inbox.to(DeliveryState.DELIVERED, now)
            self.events.append(MessageDelivered(self, inbox.channel))

    def useless(self, now: datetime) -> bool:
        """Its time has passed: a reminder of a meeting that has begun helps nobody."""
        return self.useful_until is not None and now >= self.useful_until


def compose(
    *,
    message_id: UUID,
    person: UUID | None,
    kind: str,
    values: Mapping[str, Value],
    now: datetime,
    channels: Iterable[tuple[Channel, UUID]],
    about: About = About(),
    fallback: int | None = None,
    urgent: bool = False,
    unit: str = "",
    correlation_id: str = "",
    useful_until: datetime | None = None,
) -> Message:
    """A new message; its in-app part is sent by being stored."""
    message = Message(
        id=message_id,
        person=person,
        kind=kind,
        values=dict(values),
        created_at=now,
        about=about,
        fallback=fallback,
        urgent=urgent,
        unit=unit,
        correlation_id=correlation_id,
        useful_until=useful_until,
        deliveries=[Delivery(id=each, channel=to, changed_at=now) for to, each in channels],
    )
    for delivery in _in_app(message):
        message.sent(delivery, now)
    return message


def _in_app(message: Message) -> Iterator[Delivery]:
    return (each for each in message.deliveries if each.channel is Channel.IN_APP)
