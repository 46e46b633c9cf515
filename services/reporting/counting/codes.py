"""The codes of what is counted, and which event adds to which: the one table of counting rules."""

from collections.abc import Mapping

from services.contracts.assessment import ResponseCompletedV1
from services.contracts.booking import (
    AppointmentBookedV1,
    AppointmentCancelledV1,
    AppointmentCheckedInV1,
    AppointmentCompletedV1,
    AppointmentNoShowV1,
    AppointmentRescheduledV1,
    ExpertRegisteredV1,
    OfferAcceptedV1,
    OfferDeclinedV1,
    OfferExpiredV1,
    OfferMadeV1,
    SiteOpenedV1,
)

RESPONSES = "responses-completed"
CRISIS_CASES = "crisis-cases"
ACKNOWLEDGED = "crisis-acknowledged-minutes"
CONTACTED = "crisis-contacted-minutes"
SITES = "sites-opened-"
EXPERTS = "experts-registered"

ACTIVITIES: Mapping[str, str] = {
    OfferMadeV1.type: "offers-made",
    OfferAcceptedV1.type: "offers-accepted",
    OfferDeclinedV1.type: "offers-declined",
    OfferExpiredV1.type: "offers-expired",
    AppointmentBookedV1.type: "appointments-booked",
    AppointmentRescheduledV1.type: "appointments-rescheduled",
    AppointmentCancelledV1.type: "appointments-cancelled",
    AppointmentCheckedInV1.type: "appointments-checked-in",
    AppointmentCompletedV1.type: "appointments-completed",
    AppointmentNoShowV1.type: "appointments-no-show",
}

PROPORTIONS: Mapping[str, str] = {
    "offers-accepted": "offers-made",
    "offers-declined": "offers-made",
    "offers-expired": "offers-made",
    "appointments-cancelled": "appointments-booked",
    "appointments-checked-in": "appointments-booked",
    "appointments-completed": "appointments-booked",
    "appointments-no-show": "appointments-booked",
}

NO_BAND = "unbanded"

Facts = Mapping[str, str]


def instrument_code(instrument: str) -> str:
    """All responses to one instrument."""
    return f"responses-{instrument}"


def band_code(instrument: str, band: str) -> str:
    """The responses to an instrument that fell into one band."""
    return f"responses-{instrument}-{band}"


def risk_code(risk: str) -> str:
    """The responses of one level of risk."""
    return f"risk-{risk}"


def codes_of(kind: str, facts: Facts) -> tuple[str, ...]:
    """The codes one event of this type adds one to, whatever came before or comes after it."""
    if kind == ResponseCompletedV1.type:
        return _response_codes(facts)
    if kind == SiteOpenedV1.type:
        return (SITES + facts["level"],)
    if kind == ExpertRegisteredV1.type:
        return (EXPERTS,)
    activity = ACTIVITIES.get(kind)
    return (activity,) if activity else ()


def _response_codes(facts: Facts) -> tuple[str, ...]:
    instrument = facts["instrument"]
    band = band_code(instrument, facts.get("band", NO_BAND))
    return RESPONSES, instrument_code(instrument), band, risk_code(facts["risk"])


def counts_people(code: str) -> bool:
    """Whether the number is about people (and suppressed), or about places and posts."""
    return not code.startswith(SITES) and code != EXPERTS
