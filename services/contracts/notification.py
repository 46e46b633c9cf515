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
    person: UUID | None
    kind: str
    channel: Channel
    case: UUID | None = None
    appointment: UUID | None = None
    offer: UUID | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _EscalationChanged(IntegrationEvent):
    dataclass: ClassVar[DataClass] = DataClass.CONFIDENTIAL
    subject: ClassVar[str] = "escalation"

    escalation: UUID
    case: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationRaisedV1(_EscalationChanged):
    """An officer (none: the city's fallback contact) is being paged; `round` counts from 1."""

    type: ClassVar[str] = "notification.escalation-raised.v1"

    officer: UUID | None
    tier: int
    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationAcknowledgedV1(_EscalationChanged):
    """Paging stopped: an officer took the case."""

    type: ClassVar[str] = "notification.escalation-acknowledged.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationExpiredV1(_EscalationChanged):
    """The chain ended without an answer; it starts again."""

    type: ClassVar[str] = "notification.escalation-expired.v1"

    round: int
