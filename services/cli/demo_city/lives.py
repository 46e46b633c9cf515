"""What may happen to a made-up worker in a month, in numbers a city could have."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from services.contracts.assessment import FlagSource, ResponseCompletedV1, Risk
from services.contracts.booking import (
    AppointmentBookedV1,
    AppointmentCancelledV1,
    AppointmentCompletedV1,
    AppointmentNoShowV1,
    CaseAcknowledgedV1,
    CaseContactedV1,
    CaseOpenedV1,
    Mode,
    OfferAcceptedV1,
    OfferDeclinedV1,
    OfferExpiredV1,
    OfferMadeV1,
)
from services.contracts.event import IntegrationEvent

Happening = tuple[IntegrationEvent, timedelta]
SESSION = timedelta(minutes=50)

# (instrument, band, risk, care level): how many people a month.
RESULTS = {
    ("phq9", "minimal", Risk.NONE, 0): 150,
    ("phq9", "mild", Risk.CONCERN, 1): 60,
    ("phq9", "moderate", Risk.CONCERN, 2): 34,
    ("phq9", "moderately_severe", Risk.URGENT, 3): 18,
    ("phq9", "severe", Risk.URGENT, 4): 14,
    ("gad7", "minimal", Risk.NONE, 0): 90,
    ("gad7", "mild", Risk.CONCERN, 1): 40,
    ("gad7", "moderate", Risk.CONCERN, 2): 26,
    ("gad7", "severe", Risk.URGENT, 3): 15,
}
CRISES = 14
# What becomes of an offer, and of a booked session, by turns of ten.
ANSWERS = "aaaaaaddxx"
SESSIONS = {"completed": 0.72, "no-show": 0.14, "cancelled": 0.14}


@dataclass(frozen=True, slots=True)
class Life:
    """One person's month."""

    instrument: str
    band: str
    risk: Risk
    level: int
    crisis: bool
    answer: str
    session: str
    minutes: int

    def events(self, person: UUID, at: datetime, officer: UUID) -> Iterator[Happening]:
        """What happens to the person, and how long after the answers."""
        yield self._response(person), timedelta()
        if self.crisis:
            yield from self._case(person, officer)
        if self.level >= 2:
            yield from self._offer(person, at)

    def _response(self, person: UUID) -> ResponseCompletedV1:
        return ResponseCompletedV1(
            response=_id(person, "response"),
            person=person,
            instrument=self.instrument,
            version="1.0.0",
            band=self.band,
            risk=Risk.CRISIS if self.crisis else self.risk,
            care_level=self.level,
            policy="union-stepped-care 1.0.0",
            case=_id(person, "case") if self.crisis else None,
        )

    def _case(self, person: UUID, officer: UUID) -> Iterator[Happening]:
        case = _id(person, "case")
        taken, reached = timedelta(minutes=self.minutes), timedelta(minutes=self.minutes * 4 + 9)
        yield (
            CaseOpenedV1(case=case, person=person, crisis=True, source=FlagSource.RESPONSE),
            timedelta(),
        )
        yield (
            CaseAcknowledgedV1(
                case=case, person=person, officer=officer, seconds=int(taken.total_seconds())
            ),
            taken,
        )
        yield (
            CaseContactedV1(
                case=case,
                person=person,
                officer=officer,
                reached=True,
                seconds=int(reached.total_seconds()),
            ),
            reached,
        )

    def _offer(self, person: UUID, at: datetime) -> Iterator[Happening]:
        offer, appointment = _id(person, "offer"), _id(person, "appointment")
        expires_at = at + timedelta(hours=72)
        yield (
            OfferMadeV1(offer=offer, person=person, urgency=self.level, expires_at=expires_at),
            timedelta(seconds=1),
        )
        if self.answer == "d":
            yield OfferDeclinedV1(offer=offer, person=person), timedelta(hours=3)
        elif self.answer == "x":
            yield OfferExpiredV1(offer=offer, person=person), timedelta(hours=72)
        else:
            accepted = OfferAcceptedV1(offer=offer, person=person, appointment=appointment)
            yield accepted, timedelta(hours=2)
            yield from self._appointment(person, appointment, at, offer)

    def _appointment(
        self, person: UUID, appointment: UUID, at: datetime, offer: UUID
    ) -> Iterator[Happening]:
        starts_at = at + timedelta(hours=50)
        agreed = {
            "appointment": appointment,
            "person": person,
            "counsellor": _id(person, "counsellor"),
            "site": _id(person, "site"),
            "starts_at": starts_at,
            "ends_at": starts_at + SESSION,
            "mode": Mode.IN_PERSON,
        }
        ends: dict[str, type[IntegrationEvent]] = {
            "completed": AppointmentCompletedV1,
            "no-show": AppointmentNoShowV1,
            "cancelled": AppointmentCancelledV1,
        }
        yield AppointmentBookedV1(**agreed, offer=offer), timedelta(hours=2)  # type: ignore[arg-type]  # a dict of its fields
        yield ends[self.session](**agreed), timedelta(hours=51)


def lives(dice: random.Random) -> list[Life]:
    """A month of people, in no order."""
    found = [
        Life(
            instrument,
            band,
            risk,
            level,
            crisis=False,
            answer=dice.choice(ANSWERS),
            session=dice.choices([*SESSIONS], [*SESSIONS.values()])[0],
            minutes=dice.randint(2, 14),
        )
        for (instrument, band, risk, level), people in RESULTS.items()
        for _ in range(people + dice.randint(0, people // 8))
    ]
    crises = [
        Life(
            "phq9", "moderately_severe", Risk.URGENT, 4, True, "a", "completed", dice.randint(2, 14)
        )
        for _ in range(CRISES)
    ]
    dice.shuffle(found)
    return [*found, *crises]


def _id(person: UUID, thing: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"huixin:simulated:{thing}:{person}")
