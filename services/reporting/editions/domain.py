"""A closed month: its numbers and the digest that proves them unchanged, chained to the last."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from services.chassis.errors import Conflict, UnprocessableInput
from services.reporting.calendar import Month
from services.reporting.figures.month import Figure, MonthCounts, MonthFigures, year_medians
from services.reporting.suppression.rules import Rules

YEAR_SUFFIX = ":year"


class MonthNotOver(UnprocessableInput):
    """A month can be closed only when it has ended."""

    code = "month-not-over"
    field = "month"


class MonthAlreadyClosed(Conflict):
    """An edition is published once and never again."""

    code = "month-already-closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One city's month. `previous` is the digest of the edition closed before it."""

    id: UUID
    city: str
    month: Month
    closed_at: datetime
    closed_by: UUID | None
    minimum: int
    previous: str
    figures: Sequence[Figure] = field(repr=False)
    digest: str


def close(
    counted: MonthCounts,
    year_so_far: Iterable[MonthCounts],
    rules: Rules,
    *,
    edition_id: UUID,
    month: Month,
    now: datetime,
    previous: str,
    closed_by: UUID | None,
) -> Edition:
    """Suppress and freeze a month; `year_so_far` are its year's months up to and with it."""
    if month.ends_at > now:
        raise MonthNotOver(str(month))
    figures = [each for each in MonthFigures(counted, rules).all() if _worth_keeping(each)]
    medians = year_medians(year_so_far, rules)
    figures += [
        Figure(counted.city, code + YEAR_SUFFIX, value) for code, value in sorted(medians.items())
    ]
    return Edition(
        id=edition_id,
        city=counted.city,
        month=month,
        closed_at=now,
        closed_by=closed_by,
        minimum=rules.minimum,
        previous=previous,
        figures=figures,
        digest=digest_of(counted.city, month, rules.minimum, previous, figures),
    )


def _worth_keeping(figure: Figure) -> bool:
    """A visible zero need not be kept: what an edition does not name is zero."""
    return figure.suppressed or bool(figure.value)


def digest_of(
    city: str, month: Month, minimum: int, previous: str, figures: Iterable[Figure]
) -> str:
    """SHA-256, in hex, over every number with the digest of the edition before."""
    rows = sorted(
        (each.unit, each.code, None if each.value is None else float(each.value), each.suppressed)
        for each in figures
    )
    document = [city, str(month), minimum, previous, rows]
    return hashlib.sha256(msgspec.json.encode(document)).hexdigest()


def is_due(
    month: Month, now: datetime, *, last_counted_at: datetime, grace: timedelta, settle: timedelta
) -> bool:
    """Whether a month closes by itself: long enough over, and nothing of it came in lately."""
    return now >= month.ends_at + grace and now >= last_counted_at + settle
