"""What notification tells the other services: what became of messages and pages."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from services.contracts.event import DataClass, IntegrationEvent


class Channel(StrEnum):
    """The ways to a person."""

    IN_APP = "in-app"
    EMAIL = "email"
    SMS = "sms"


@dataclass(frozen=True, slots=True, kw_only=True)
class _MessageChanged(IntegrationEvent):
    dataclass: ClassVar[DataClass] = DataClass.CONFIDENTIAL
    subject: ClassVar[str] = "message"

    message: UUID
    """The message."""
    person: UUID | None
    """To whom; none for the city's fallback contact."""
    kind: str
    """What it is about, as a code: the wording's name."""
    channel: Channel
    """The way it went."""
    case: UUID | None = None
    """The case it is about."""
    appointment: UUID | None = None
    """The appointment it is about."""
    offer: UUID | None = None
    """The offer it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSentV1(_MessageChanged):
    """A channel's provider accepted the message (in-app: it is in the inbox)."""

    type: ClassVar[str] = "notification.message-sent.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDeliveredV1(_MessageChanged):
    """The provider, or the person's reading, confirmed that the message arrived."""

    type: ClassVar[str] = "notification.message-delivered.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFailedV1(_MessageChanged):
    """The message will not arrive on this channel; `reason` is a code, never an address."""

    type: ClassVar[str] = "notification.message-failed.v1"

    reason: str
    """Why, as a code; never an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _EscalationChanged(IntegrationEvent):
    dataclass: ClassVar[DataClass] = DataClass.CONFIDENTIAL
    subject: ClassVar[str] = "escalation"

    escalation: UUID
    """The paging of one case."""
    case: UUID
    """The case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationRaisedV1(_EscalationChanged):
    """An officer (none: the city's fallback contact) is being paged; `round` counts from 1."""

    type: ClassVar[str] = "notification.escalation-raised.v1"

    officer: UUID | None
    """Who is paged; none: the city's fallback contact."""
    tier: int
    """The officer's place in the roster: 1 is asked first."""
    round: int
    """How often the chain has begun, from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationAcknowledgedV1(_EscalationChanged):
    """Paging stopped: an officer took the case."""

    type: ClassVar[str] = "notification.escalation-acknowledged.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationExpiredV1(_EscalationChanged):
    """The chain ended without an answer; it starts again."""

    type: ClassVar[str] = "notification.escalation-expired.v1"

    round: int
    """The round that ended without an answer."""
