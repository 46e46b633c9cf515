"""Gauges that only booking's database knows: cases by their clocks, the roster, free slots."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, select

from services.booking.availability.queries import open_slots
from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.queries import OPEN
from services.booking.cases.steps import Due
from services.booking.cases.storage import cases
from services.booking.metrics import (
    ACKNOWLEDGE_LATE,
    CONTACT_LATE,
    LATE_CASES,
    OPEN_CASES,
    OPEN_SLOTS,
    UNCOVERED,
)
from services.booking.rosters.queries import coverage

WATCHED = timedelta(days=7)
MOMENT = timedelta(microseconds=1)

REAL = (OPEN, ~cases.c.drill)


def observing(policy: CrisisPolicy) -> Callable[[Connection], None]:
    """Sets all of them, by the limits of this policy and the database's clock."""

    def observe(connection: Connection) -> None:
        now: datetime = connection.execute(select(func.now())).scalar_one().astimezone(UTC)
        _count_cases(connection, now)
        untaken, unreached = late_seconds(connection, now, policy)
        ACKNOWLEDGE_LATE.set(untaken)
        CONTACT_LATE.set(unreached)
        _look_at_roster(connection, now, policy)
        OPEN_SLOTS.set(open_slots(connection, now, now + WATCHED))

    return observe


def _count_cases(connection: Connection, now: datetime) -> None:
    by_kind = select(cases.c.crisis, func.count().label("found")).where(*REAL)
    found = {row.crisis: row.found for row in connection.execute(by_kind.group_by(cases.c.crisis))}
    for crisis in (True, False):
        OPEN_CASES.labels(str(crisis).lower()).set(found.get(crisis, 0))
    for due, number in overdue(connection, now).items():
        LATE_CASES.labels(due).set(number)


def overdue(connection: Connection, now: datetime) -> dict[str, int]:
    """How many open cases are late, by what is due."""
    late = select(cases.c.due, func.count().label("found")).where(*REAL, cases.c.next_due_at < now)
    found = {row.due: row.found for row in connection.execute(late.group_by(cases.c.due))}
    return {due.value: found.get(due.value, 0) for due in Due}


def late_seconds(
    connection: Connection, now: datetime, policy: CrisisPolicy
) -> tuple[float, float]:
    """How far the longest waiting crisis is past its limits: without an officer, without contact.

    A case's own limit moves on with every page, so the wait is counted from its beginning.
    """
    untaken, unreached = cases.c.due == Due.ACKNOWLEDGE, cases.c.contacted_at.is_(None)
    row = connection.execute(
        select(
            func.min(cases.c.waiting_since).filter(untaken).label("waiting"),
            func.min(cases.c.contact_by).filter(unreached).label("contact"),
        ).where(*REAL, cases.c.crisis)
    ).one()
    limit = row.waiting + policy.paging.marks()[1] if row.waiting else None
    return _past(limit, now), _past(row.contact, now)


def _look_at_roster(connection: Connection, now: datetime, policy: CrisisPolicy) -> None:
    ahead = now + timedelta(hours=policy.roster.look_ahead_hours)
    for when, until in (("now", now + MOMENT), ("ahead", ahead)):
        found = coverage(connection, now, until, policy.roster.tiers)
        UNCOVERED.labels(when).set(len(found["gaps"]))


def _past(limit: datetime | None, now: datetime) -> float:
    return max(0.0, (now - limit).total_seconds()) if limit else 0.0
