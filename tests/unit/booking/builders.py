"""Builders of booking's records that say only what a test is about."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from services.booking.appointments.domain import Appointment
from services.booking.availability.slots import Slot, Terms
from services.booking.experts.domain import (
    Counsellor,
)
from services.booking.offers.domain import Offer
from services.chassis.access import Principal, Role
from services.contracts.booking import Mode

# A Monday, ten in the morning in the city.
NOW = datetime(2025, 6, 2, 2, 0, tzinfo=UTC)
NINE = datetime(2025, 6, 3, 1, 0, tzinfo=UTC)
HOUR, INSTANT = timedelta(hours=1), timedelta(microseconds=1)
BEFORE, AFTER = NINE - INSTANT, NINE + INSTANT


def a_slot(**said: Any) -> Slot:
    starts_at = said.get("starts_at", NINE)
    fields = {
        "id": uuid4(),
        "counsellor": uuid4(),
        "site": uuid4(),
        "room": None,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=50),
        "modes": (Mode.IN_PERSON, Mode.VIDEO),
        "terms": Terms(6, date(2030, 1, 1), active=True),
    }
    return Slot(**{**fields, **said})


def a_counsellor(**said: Any) -> Counsellor:
    fields = {
        "id": uuid4(),
        "unit": "wh/hc",
        "specialities": [],
        "modes": [Mode.IN_PERSON, Mode.VIDEO],
        "sites": [uuid4()],
        "daily_limit": 6,
        "credential_expires_on": date(2030, 1, 1),
    }
    return Counsellor(**{**fields, **said})


def an_offer(**said: Any) -> Offer:
    fields = {
        "id": uuid4(),
        "person": uuid4(),
        "unit": "wh/hc/e1",
        "reason": "screening",
        "urgency": 2,
        "policy": "offers-1.0.0",
        "correlation_id": "loop-of-the-offer",
        "made_at": NOW,
        "expires_at": NOW + timedelta(hours=72),
    }
    return Offer(**{**fields, **said})


def an_appointment(**said: Any) -> Appointment:
    starts_at = said.get("starts_at", NINE)
    fields = {
        "id": uuid4(),
        "person": uuid4(),
        "unit": "wh/hc/e1",
        "slot": uuid4(),
        "counsellor": uuid4(),
        "site": uuid4(),
        "room": None,
        "mode": Mode.VIDEO,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=50),
        "correlation_id": "loop-of-the-booking",
        "booked_at": NOW,
        "changed_at": NOW,
    }
    return Appointment(**{**fields, **said})


def an_admin(unit: str = "wh/hc", role: Role = Role.DISTRICT_ADMIN) -> Principal:
    return Principal(uuid4(), frozenset({role}), unit)
