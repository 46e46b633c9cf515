"""A month is closed once, with proof."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.reporting.calendar import Month
from services.reporting.editions.domain import (
    Edition,
    MonthAlreadyClosed,
    MonthNotOver,
    digest_of,
    is_due,
)
from services.reporting.editions.usecases import CloseMonth, close_month, close_settled_months
from services.reporting.figures.month import Figure, MonthCounts, year_medians
from services.reporting.suppression.rules import Rules
from services.reporting.suppression.tree import Count, Counts
from tests.unit.reporting.fakes import FakeWork

MARCH = Month(2026, 3)
APRIL = MARCH.ends_at + timedelta(days=2)
DAY, TEN_MINUTES = timedelta(days=1), timedelta(minutes=10)


def a_march(number: int = 40) -> MonthCounts:
    count = Count(number, (1 << number) - 1)
    return MonthCounts("c", Counts({("c", "offers-made"): count, ("c/a", "offers-made"): count}))


def close(uow: FakeWork, month: Month = MARCH, by: UUID | None = None) -> Edition:
    command = CloseMonth("c", month, by)
    return close_month(command, rules=Rules(10), uow=uow, compute=lambda work: work())


def test_an_edition_is_frozen_published_and_logged_in_one_go() -> None:
    uow = FakeWork(APRIL, {MARCH: a_march()})

    edition = close(uow, by=uuid4())

    assert uow.committed
    assert uow.editions.closed == [edition]
    assert Figure("c/a", "offers-made", 40) in edition.figures
    (event, unit), (logged, channel, number) = uow.published[0], uow.editions.releases[0]
    assert (unit, event.scope, event.month, event.digest) == ("c", "c", "2026-03", edition.digest)
    assert [(each.code, each.value) for each in event.figures] == [("offers-made", 40)]
    assert (logged, channel, number) == (edition, "statistics-published", 1)


def test_a_month_that_is_not_over_cannot_be_closed() -> None:
    uow = FakeWork(MARCH.ends_at - timedelta(seconds=1), {MARCH: a_march()})

    with pytest.raises(MonthNotOver):
        close(uow)
    assert not uow.committed


def test_a_month_is_closed_once() -> None:
    uow = FakeWork(APRIL, {MARCH: a_march()})
    close(uow)

    with pytest.raises(MonthAlreadyClosed):
        close(uow)


def test_a_suppressed_number_is_published_as_absent() -> None:
    uow = FakeWork(APRIL, {MARCH: a_march(4)})

    edition = close(uow)

    assert [(each.code, each.value) for each in uow.published[0][0].figures] == [
        ("offers-made", None)
    ]
    assert all(each.suppressed for each in edition.figures)


def test_each_digest_covers_every_number_and_the_one_before() -> None:
    figures = [Figure("c", "offers-made", 40), Figure("c/a", "offers-made", None, suppressed=True)]
    digest = digest_of("c", MARCH, 10, "", figures)

    assert digest == digest_of("c", MARCH, 10, "", reversed(figures))
    assert digest != digest_of("c", MARCH, 10, "before", figures)
    assert digest != digest_of("c", MARCH, 10, "", [Figure("c", "offers-made", 41), figures[1]])


@pytest.mark.parametrize(
    ("now", "last", "due"),
    [
        (APRIL, MARCH.ends_at, True),
        (MARCH.ends_at + timedelta(hours=23), MARCH.ends_at, False),
        (APRIL, APRIL - timedelta(minutes=5), False),
    ],
)
def test_a_month_closes_when_it_is_over_and_quiet(now: datetime, last: datetime, due: bool) -> None:
    assert is_due(MARCH, now, last_counted_at=last, grace=DAY, settle=TEN_MINUTES) is due


def test_settled_months_close_by_themselves_and_the_present_one_does_not() -> None:
    now = APRIL + timedelta(days=20)
    uow = FakeWork(now, {MARCH: a_march(), Month(2026, 4): a_march()})

    closed = close_settled_months(
        grace=DAY, settle=TEN_MINUTES, rules=Rules(10), uow=uow, compute=lambda work: work()
    )

    assert [each.month for each in closed] == [MARCH]


def test_the_years_median_is_made_of_months_with_enough_people_alone() -> None:
    enough = MonthCounts("c", Counts({}), {"crisis-contacted-minutes": _cases(12, tenths=100)})
    few = MonthCounts("c", Counts({}), {"crisis-contacted-minutes": _cases(9, tenths=9_000)})

    assert year_medians([enough, few, enough], Rules(10)) == {"crisis-contacted-minutes": 10.0}


def _cases(number: int, tenths: int) -> dict[int, Count]:
    return {tenths: Count(number, (1 << number) - 1)}
