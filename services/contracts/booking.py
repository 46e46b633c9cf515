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
    """The offer."""
    person: UUID
    """To whom."""
    urgency: int
    """The care level, 2 to 4."""
    expires_at: Moment
    """Until when it can be accepted."""
    slot: UUID | None = None
    """The hour it holds, where one is held."""
    response: UUID | None = None
    """The response that led to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfferChanged(IntegrationEvent):
    dataclass: ClassVar[DataClass] = DataClass.CONFIDENTIAL
    subject: ClassVar[str] = "offer"

    offer: UUID
    """The offer."""
    person: UUID
    """To whom it was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAcceptedV1(_OfferChanged):
    """The person booked an appointment on the offer."""

    type: ClassVar[str] = "booking.offer-accepted.v1"

    appointment: UUID
    """The appointment that was booked on it."""


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
    """The appointment."""
    person: UUID
    """Who is counselled."""
    counsellor: UUID
    """Who counsels."""
    site: UUID
    """Where."""
    starts_at: Moment
    """When it begins."""
    ends_at: Moment
    """When it ends."""
    mode: Mode
    """How the session is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentBookedV1(_AppointmentChanged):
    """A session is agreed."""

    type: ClassVar[str] = "booking.appointment-booked.v1"

    offer: UUID | None = None
    """The offer it accepts, where there was one."""


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
    """Whom to page."""
    tier: int
    """The officer's place in the roster: 1 is asked first."""
    due_at: Moment
    """When, unless the case is acknowledged before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _CaseChanged(IntegrationEvent):
    dataclass: ClassVar[DataClass] = DataClass.CONFIDENTIAL
    subject: ClassVar[str] = "case"

    case: UUID
    """The case."""
    person: UUID | None
    """Whose case; none where nobody was signed in."""
    drill: bool = False
    """An exercise: nobody is in danger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpenedV1(_CaseChanged):
    """A case was opened (or re-opened). A crisis carries the chain to page, best officer first.

    `crisis` false: a care case, whose officers see it in their queue; nobody is paged.
    `fallback`: nobody is rostered, so the city's fallback contact is paged.
    """

    type: ClassVar[str] = "booking.case-opened.v1"

    crisis: bool
    """Whether officers are paged; else they see it in their queue."""
    source: FlagSource
    """What the first signal came from."""
    acute: bool = False
    """Whether there is danger at this moment."""
    reopened: bool = False
    """Whether it had been closed before."""
    chain: tuple[PageStep, ...] = ()
    """Whom to page and when, best officer first."""
    fallback: bool = False
    """Nobody is rostered: the city's fallback contact is paged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAcknowledgedV1(_CaseChanged):
    """An officer took the case; `seconds` since it was opened."""

    type: ClassVar[str] = "booking.case-acknowledged.v1"

    officer: UUID
    """Who took it."""
    seconds: int
    """Since it was opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseContactedV1(_CaseChanged):
    """An attempt to reach the person was recorded; `seconds` since the case was opened."""

    type: ClassVar[str] = "booking.case-contacted.v1"

    officer: UUID
    """Who tried."""
    reached: bool
    """Whether they spoke with the person."""
    seconds: int
    """Since the case was opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePlannedV1(_CaseChanged):
    """A safety plan and a responsible person are recorded."""

    type: ClassVar[str] = "booking.case-planned.v1"

    responsible: UUID
    """Who answers for the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFollowedUpV1(_CaseChanged):
    """A follow-up of the plan took place."""

    type: ClassVar[str] = "booking.case-followed-up.v1"

    officer: UUID
    """Who followed up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEscalatedV1(_CaseChanged):
    """A limit of the protocol passed, and the next tier is responsible.

    `chain`: the roster as it is now, in place of whom the earlier chain would page later.
    `fallback`: nobody is rostered any more.
    """

    type: ClassVar[str] = "booking.case-escalated.v1"

    tier: int
    """The tier that is responsible now."""
    reason: str
    """The limit that passed, as a code."""
    chain: tuple[PageStep, ...] = ()
    """The roster as it is now, in place of whom the earlier chain would page later."""
    fallback: bool = False
    """Nobody is rostered: the city's fallback contact is paged."""


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
    """What did not happen in time, as a code."""
    chain: tuple[PageStep, ...] = ()
    """Whom to page now, best officer first."""
    fallback: bool = False
    """Nobody is rostered: the city's fallback contact is paged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterGapFoundV1(IntegrationEvent):
    """Nobody is rostered on a tier for these hours."""

    type: ClassVar[str] = "booking.roster-gap-found.v1"
    dataclass: ClassVar[DataClass] = DataClass.INTERNAL
    subject: ClassVar[str] = "gap"

    gap: UUID
    """The gap."""
    tier: int
    """The tier nobody is rostered on."""
    starts_at: Moment
    """From when."""
    ends_at: Moment
    """Until when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOpenedV1(IntegrationEvent):
    """A place where sessions are held came into being; nothing in it is about a person."""

    type: ClassVar[str] = "booking.site-opened.v1"
    dataclass: ClassVar[DataClass] = DataClass.PUBLIC
    subject: ClassVar[str] = "site"

    site: UUID
    """The place."""
    level: str
    """Its level, e.g. `district-branch`."""
    name: str
    """What people call it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertRegisteredV1(IntegrationEvent):
    """A counsellor joined the expert pool."""

    type: ClassVar[str] = "booking.expert-registered.v1"
    dataclass: ClassVar[DataClass] = DataClass.INTERNAL
    subject: ClassVar[str] = "counsellor"

    counsellor: UUID
    """Who joined."""
