"""Weeks that never were: simulated events of made-up people, counted on reporting's ordinary path.

Every event has an id that follows from its place, so that counting them again changes nothing.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import NAMESPACE_URL, UUID, uuid5

from services.chassis.runtime import Runtime
from services.cli.campaigning.figures import CITY_TIME
from services.cli.client import PublicClient
from services.cli.demo_city.city import OFFICERS, ROOT, person_id, units
from services.cli.demo_city.lives import Life, lives
from services.contracts.envelope import Envelope
from services.contracts.event import IntegrationEvent
from services.reporting.ledger.usecases.count_events import count_events
from services.reporting.wiring import ReportingUnitOfWork

MONTHS = 4
BATCH = 500
SHORTEST = timedelta(minutes=30)


def fill_history(runtime: Runtime, more: Sequence[Envelope] = ()) -> int:
    """Count what is not counted yet; returns how many events the simulation has."""
    events = [*simulated(datetime.now(UTC)), *more]
    uow = runtime.unit_of_work(ReportingUnitOfWork)
    assert isinstance(uow, ReportingUnitOfWork)  # noqa: S101  the runtime types it loosely
    for start in range(0, len(events), BATCH):
        count_events(events[start : start + BATCH], city=ROOT, uow=uow)
    return len(events)


def close_months(admin: PublicClient) -> int:
    """Publish the months that are over; returns how many were still open."""
    months = [f"{begin.astimezone(CITY_TIME):%Y-%m}" for begin, _ in periods(datetime.now(UTC))]
    path = "/api/reporting/v1/editions"
    answers = [admin.call("POST", path, {"month": month}) for month in months[:-1]]
    return sum(answer.status == 201 for answer in answers)


def simulated(now: datetime) -> Iterator[Envelope]:
    """The months before, and this month up to now."""
    dice = random.Random(525)
    places = [unit.path for unit in units() if unit.level == "enterprise"]
    for starts_at, ends_at in periods(now):
        month = starts_at.astimezone(CITY_TIME).strftime("%Y-%m")
        for number, life in enumerate(lives(dice)):
            person = made_id("person", month, number)
            at = starts_at + (ends_at - starts_at) * dice.random()
            yield from _told(life, person, dice.choice(places), at, ends_at)


def periods(now: datetime) -> list[tuple[datetime, datetime]]:
    """The city's last months, the oldest first; the last one ends now."""
    starts = [now.astimezone(CITY_TIME).replace(day=1, hour=0, minute=0, second=0, microsecond=0)]
    for _ in range(MONTHS):
        starts.append((starts[-1] - timedelta(days=1)).replace(day=1))
    edges = [*reversed(starts), max(now, starts[0] + SHORTEST)]
    return [(begin, end) for begin, end in pairwise(edges)]


def _told(
    life: Life, person: UUID, unit: str, at: datetime, ends_at: datetime
) -> Iterator[Envelope]:
    sequences: dict[str, int] = {}
    correlation = made_id("loop", str(person))
    for event, later in life.events(person, at, person_id(OFFICERS[0])):
        subject = event.subject_id()
        sequences[subject] = sequences.get(subject, 0) + 1
        yield envelope_of(
            event,
            at=min(at + later, ends_at),
            unit=unit,
            correlation=str(correlation),
            sequence=sequences[subject],
        )


def envelope_of(
    event: IntegrationEvent, *, at: datetime, unit: str, correlation: str, sequence: int = 1
) -> Envelope:
    """The event as it would have crossed the broker then."""
    return Envelope(
        id=made_id("event", event.type, event.subject_id(), sequence),
        type=event.type,
        subject=event.subject_id(),
        time=at,
        correlation_id=correlation,
        sequence=sequence,
        data=event,
        unit=unit,
    )


def made_id(*parts: object) -> UUID:
    """The id of a simulated thing."""
    return uuid5(NAMESPACE_URL, "huixin:simulated:" + ":".join(str(part) for part in parts))
