"""What assessment tells the other services: results without answers or scores, risk, consent."""

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
    person: UUID | None
    instrument: str
    version: str
    band: str | None
    risk: Risk
    care_level: int
    policy: str
    case: UUID | None = None
    campaign: UUID | None = None


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
    case: UUID
    person: UUID | None
    source: FlagSource
    rule: str
    policy: str
    acute: bool = False
    callback: bool = False
    drill: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGrantedV1(IntegrationEvent):
    """A person agreed to one purpose, in one version of its wording."""

    type: ClassVar[str] = "assessment.consent-granted.v1"
    dataclass: ClassVar[DataClass] = DataClass.CONFIDENTIAL
    subject: ClassVar[str] = "person"

    person: UUID
    purpose: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawnV1(IntegrationEvent):
    """A person took the agreement to one purpose back."""

    type: ClassVar[str] = "assessment.consent-withdrawn.v1"
    dataclass: ClassVar[DataClass] = DataClass.CONFIDENTIAL
    subject: ClassVar[str] = "person"

    person: UUID
    purpose: str
    version: str
