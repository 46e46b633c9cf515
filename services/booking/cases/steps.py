"""The words of a case: its states, what may be due, and the entries of its timeline."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.contracts.assessment import FlagSource

Fact = str | int | bool


class State(StrEnum):
    """How far the protocol has come; `escalated`: a limit passed and nobody has it."""

    OPENED = "opened"
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    CONTACTED = "contacted"
    PLANNED = "planned"
    FOLLOWING_UP = "following-up"
    CLOSED = "closed"


class Due(StrEnum):
    """What has to happen next."""

    ACKNOWLEDGE = "acknowledge"
    CONTACT = "contact"
    PLAN = "plan"
    REFER = "refer"
    FOLLOW_UP = "follow-up"


class ContactChannel(StrEnum):
    """How an officer tried to reach the person."""

    PHONE = "phone"
    IN_PERSON = "in-person"
    VIDEO = "video"
    IN_APP = "in-app"
    THIRD_PERSON = "third-person"


class Level(StrEnum):
    """What the structured assessment in the conversation found."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    IMMINENT = "imminent"


class ReferralKind(StrEnum):
    """Counsellors advise and refer; they neither diagnose nor treat."""

    ADVISED = "advised"
    REFERRED = "referred"
    EMERGENCY = "emergency"


class Reaction(StrEnum):
    """How the person took the advice."""

    ACCEPTED = "accepted"
    UNDECIDED = "undecided"
    DECLINED = "declined"


class CloseReason(StrEnum):
    """Why a case is over."""

    RESOLVED = "resolved"
    IN_TREATMENT = "in-treatment"
    NOT_REACHABLE = "not-reachable"
    DRILL_FINISHED = "drill-finished"
    JOINED = "joined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Why somebody should look: a flag of assessment, a counsellor's, a call, a drill."""

    source: FlagSource
    rule: str
    at: datetime
    acute: bool = False
    callback: bool = False
    drill: bool = False
    by: UUID | None = None
    note: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of the timeline: bounded words, and at most one sealed note."""

    kind: str
    at: datetime
    by: UUID | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    note: bytes | None = None
