"""What booking tells the other services: offers, appointments, crisis cases, rosters."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from services.contracts.assessment import FlagSource
from services.contracts.event import DataClass, IntegrationEvent, Moment


class Mode(StrEnum):
    """How a session is held."""

    IN_PERSON = "in-person"
    VIDEO = "video"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferMadeV1(IntegrationEvent):
    """Counselling is offered to a person; `urgency` is the care level (2 to 4)."""

    type: ClassVar[str] = "booking.offer-made.v1"
    dataclass: ClassVar[DataClass] = DataClass.CONFIDENTIAL
    subject: ClassVar[str] = "offer"

    offer: UUID
    person: UUID
    urgency: int
    expires_at: Moment
    slot: UUID | None = None
    response: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfferChanged(IntegrationEvent):
    dataclass: ClassVar[DataClass] = DataClass.CONFIDENTIAL
    subject: ClassVar[str] = "offer"

    offer: UUID
    person: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAcceptedV1(_OfferChanged):
    """The person booked an appointment on the offer."""

    type: ClassVar[str] = "booking.offer-accepted.v1"

    appointment: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDeclinedV1(_OfferChanged):
    """The person said no."""

    type: ClassVar[str] = "booking.offer-declined.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferExpiredV1(_OfferChanged):
    """Nobody answered in time."""

    type: ClassVar[str] = "booking.offer-expired.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class _AppointmentChanged(IntegrationEvent):
    dataclass: ClassVar[DataClass] = DataClass.CONFIDENTIAL
    subject: ClassVar[str] = "appointment"

    appointment: UUID
    person: UUID
    counsellor: UUID
    site: UUID
    starts_at: Moment
    ends_at: Moment
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentBookedV1(_AppointmentChanged):
    """A session is agreed."""

    type: ClassVar[str] = "booking.appointment-booked.v1"

    offer: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentRescheduledV1(_AppointmentChanged):
    """A booked session moved to another slot; the times are the new ones."""

    type: ClassVar[str] = "booking.appointment-rescheduled.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentCancelledV1(_AppointmentChanged):
    """A booked session will not take place."""

    type: ClassVar[str] = "booking.appointment-cancelled.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentCheckedInV1(_AppointmentChanged):
    """The person arrived."""

    type: ClassVar[str] = "booking.appointment-checked-in.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentCompletedV1(_AppointmentChanged):
    """The session took place."""

    type: ClassVar[str] = "booking.appointment-completed.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentNoShowV1(_AppointmentChanged):
    """The person did not come."""

    type: ClassVar[str] = "booking.appointment-no-show.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStep:
    """One officer of the chain and when to page them, unless the case is acknowledged before."""

    officer: UUID
    tier: int
    due_at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class _CaseChanged(IntegrationEvent):
    dataclass: ClassVar[DataClass] = DataClass.CONFIDENTIAL
    subject: ClassVar[str] = "case"

    case: UUID
    person: UUID | None
    drill: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpenedV1(_CaseChanged):
    """A case was opened (or re-opened). A crisis carries the chain to page, best officer first.

    `crisis` false: a care case, whose officers see it in their queue; nobody is paged.
    `fallback`: nobody is rostered, so the city's fallback contact is paged.
    """

    type: ClassVar[str] = "booking.case-opened.v1"

    crisis: bool
    source: FlagSource
    acute: bool = False
    reopened: bool = False
    chain: tuple[PageStep, ...] = ()
    fallback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAcknowledgedV1(_CaseChanged):
    """An officer took the case; `seconds` since it was opened."""

    type: ClassVar[str] = "booking.case-acknowledged.v1"

    officer: UUID
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseContactedV1(_CaseChanged):
    """An attempt to reach the person was recorded; `seconds` since the case was opened."""

    type: ClassVar[str] = "booking.case-contacted.v1"

    officer: UUID
    reached: bool
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePlannedV1(_CaseChanged):
    """A safety plan and a responsible person are recorded."""

    type: ClassVar[str] = "booking.case-planned.v1"

    responsible: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFollowedUpV1(_CaseChanged):
    """A follow-up of the plan took place."""

    type: ClassVar[str] = "booking.case-followed-up.v1"

    officer: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEscalatedV1(_CaseChanged):
    """A limit of the protocol passed, and the next tier is responsible.

    `chain`: the roster as it is now, in place of whom the earlier chain would page later.
    `fallback`: nobody is rostered any more.
    """

    type: ClassVar[str] = "booking.case-escalated.v1"

    tier: int
    reason: str
    chain: tuple[PageStep, ...] = ()
    fallback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReferredV1(_CaseChanged):
    """The person was advised or referred to a medical institution."""

    type: ClassVar[str] = "booking.case-referred.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosedV1(_CaseChanged):
    """A second person agreed that the case is over."""

    type: ClassVar[str] = "booking.case-closed.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOverdueV1(_CaseChanged):
    """Something due did not happen in time; paging starts again with this chain."""

    type: ClassVar[str] = "booking.case-overdue.v1"

    reason: str
    chain: tuple[PageStep, ...] = ()
    fallback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterGapFoundV1(IntegrationEvent):
    """Nobody is rostered on a tier for these hours."""

    type: ClassVar[str] = "booking.roster-gap-found.v1"
    dataclass: ClassVar[DataClass] = DataClass.INTERNAL
    subject: ClassVar[str] = "gap"

    gap: UUID
    tier: int
    starts_at: Moment
    ends_at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOpenedV1(IntegrationEvent):
    """A place where sessions are held came into being; nothing in it is about a person."""

    type: ClassVar[str] = "booking.site-opened.v1"
    dataclass: ClassVar[DataClass] = DataClass.PUBLIC
    subject: ClassVar[str] = "site"

    site: UUID
    level: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertRegisteredV1(IntegrationEvent):
    """A counsellor joined the expert pool."""

    type: ClassVar[str] = "booking.expert-registered.v1"
    dataclass: ClassVar[DataClass] = DataClass.INTERNAL
    subject: ClassVar[str] = "counsellor"

    counsellor: UUID
