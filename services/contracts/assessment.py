"""What assessment tells the others: results without answers or scores, risk, consent, quizzes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from services.contracts.event import DataClass, IntegrationEvent


class Risk(StrEnum):
    """Levels of the care policy; `unknown`: a critical item is missing and no rule says crisis."""

    NONE = "none"
    CONCERN = "concern"
    URGENT = "urgent"
    CRISIS = "crisis"
    UNKNOWN = "unknown"


class FlagSource(StrEnum):
    """Where a crisis signal came from."""

    RESPONSE = "response"
    SITTING = "sitting"
    HELP_REQUEST = "help-request"
    COUNSELLOR = "counsellor"
    HOTLINE = "hotline"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseCompletedV1(IntegrationEvent):
    """A person completed an instrument. `care_level` (0 to 4) is the care policy's advice."""

    type: ClassVar[str] = "assessment.response-completed.v1"
    dataclass: ClassVar[DataClass] = DataClass.CONFIDENTIAL
    subject: ClassVar[str] = "response"

    response: UUID
    """The completed response."""
    person: UUID | None
    """Who answered; none once the person was forgotten."""
    instrument: str
    """The scale, e.g. `phq9`."""
    version: str
    """The scale's version."""
    band: str | None
    """The scale's band, e.g. `moderate`; none where it has no bands or cannot be scored."""
    risk: Risk
    """What the care policy makes of it."""
    care_level: int
    """0 (nothing) to 4 (crisis), by the care policy."""
    policy: str
    """The care policy's version."""
    case: UUID | None = None
    """The crisis case this response opens or joins."""
    campaign: UUID | None = None
    """The campaign it was given in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFlaggedV1(IntegrationEvent):
    """A crisis signal; `case` is the id booking opens (or re-opens) the case under.

    `person` is absent where nobody is signed in; `callback` says that a phone number was left,
    which the duty reads from assessment.
    """

    type: ClassVar[str] = "assessment.risk-flagged.v1"
    dataclass: ClassVar[DataClass] = DataClass.CONFIDENTIAL
    subject: ClassVar[str] = "case"

    flag: UUID
    """The signal itself."""
    case: UUID
    """The id booking opens, or has opened, the case under."""
    person: UUID | None
    """Who is in danger; none where nobody is signed in."""
    source: FlagSource
    """What the signal came from."""
    rule: str
    """The rule of the crisis policy that saw it."""
    policy: str
    """The crisis policy's version."""
    acute: bool = False
    """Whether there is danger at this moment."""
    callback: bool = False
    """Whether a phone number was left, which the duty reads from assessment."""
    drill: bool = False
    """An exercise: nobody is in danger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGrantedV1(IntegrationEvent):
    """A person agreed to one purpose, in one version of its wording."""

    type: ClassVar[str] = "assessment.consent-granted.v1"
    dataclass: ClassVar[DataClass] = DataClass.CONFIDENTIAL
    subject: ClassVar[str] = "person"

    person: UUID
    """Who agreed."""
    purpose: str
    """What for, e.g. `screening`."""
    version: str
    """The version of the wording that was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawnV1(IntegrationEvent):
    """A person took the agreement to one purpose back."""

    type: ClassVar[str] = "assessment.consent-withdrawn.v1"
    dataclass: ClassVar[DataClass] = DataClass.CONFIDENTIAL
    subject: ClassVar[str] = "person"

    person: UUID
    """Who took it back."""
    purpose: str
    """What for."""
    version: str
    """The version of the wording that had been agreed to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizCompletedV1(IntegrationEvent):
    """Somebody of the event's unit handed a quiz in; not who, and nothing of what they answered."""

    type: ClassVar[str] = "assessment.quiz-completed.v1"
    dataclass: ClassVar[DataClass] = DataClass.INTERNAL
    subject: ClassVar[str] = "completion"

    completion: UUID
    """This completion; the id stands nowhere else."""
    round: UUID
    """The round of the quiz."""
