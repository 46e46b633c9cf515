"""Closing a month: by request, or by itself when it has settled."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from services.chassis.logs import get_logger
from services.reporting.calendar import Month
from services.reporting.editions.domain import (
    Edition,
    MonthAlreadyClosed,
    MonthNotOver,
    close,
    is_due,
)
from services.reporting.editions.ports import EditionWork
from services.reporting.editions.publishing import statistics_published
from services.reporting.ledger import metrics
from services.reporting.suppression.rules import Rules

log = get_logger()

CHANNEL = "statistics-published"

Compute = Callable[[Callable[[], Edition]], Edition]
"""Runs the suppression of a month, which is CPU work, wherever it holds nobody up."""


@dataclass(frozen=True, slots=True)
class CloseMonth:
    """Close a city's month; `by` nobody: it closes by itself."""

    city: str
    month: Month
    by: UUID | None = None


def close_month(
    command: CloseMonth, *, rules: Rules, uow: EditionWork, compute: Compute
) -> Edition:
    """Suppress, freeze and publish a past month; raises MonthNotOver, MonthAlreadyClosed."""
    city, month = command.city, command.month
    with uow:
        now = uow.now()
        if month.ends_at > now:
            raise MonthNotOver(str(month))
        uow.editions.lock()
        if uow.editions.is_closed(city, month):
            raise MonthAlreadyClosed(str(month))
        counted = uow.editions.counts(city, month)
        earlier = Month(month.year, 1).until(month)
        year = [uow.editions.crisis_counts(city, each) for each in earlier]
        previous = uow.editions.last_digest(city)
        edition = compute(
            lambda: close(
                counted,
                year,
                rules,
                edition_id=uuid4(),
                month=month,
                now=now,
                previous=previous,
                closed_by=command.by,
            )
        )
        uow.editions.add(edition)
        event = statistics_published(edition)
        uow.publish(event, unit=city)
        uow.editions.log_release(edition, CHANNEL, len(event.figures))
        uow.commit()
    _observe(edition)
    return edition


def close_settled_months(
    *, grace: timedelta, settle: timedelta, rules: Rules, uow: EditionWork, compute: Compute
) -> list[Edition]:
    """Close every month that has been over and quiet for long enough, the oldest first."""
    with uow:
        now = uow.now()
        due = [
            (city, month)
            for city, month, last in uow.editions.open_months()
            if is_due(month, now, last_counted_at=last, grace=grace, settle=settle)
        ]
    return [
        close_month(CloseMonth(city, month), rules=rules, uow=uow, compute=compute)
        for city, month in due
    ]


def _observe(edition: Edition) -> None:
    hidden = sum(each.suppressed for each in edition.figures)
    metrics.CLOSED.inc()
    metrics.SUPPRESSED.set(hidden / len(edition.figures) if edition.figures else 0)
    log.info("edition-closed", month=str(edition.month), digest=edition.digest[:16])
