"""Paces, digests and the moment a month closes, at their edges."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from services.reporting.calendar import Month
from services.reporting.editions.domain import MonthNotOver, close, digest_of, is_due
from services.reporting.figures.month import Figure, MonthCounts
from services.reporting.suppression.rules import Rules
from services.reporting.suppression.tree import Count, Counts
from services.reporting.targets.domain import Pace, Target, pace_of

MARCH = Month(2026, 3)
INSTANT, DAY, HOUR = timedelta(microseconds=1), timedelta(days=1), timedelta(hours=1)
OFFERS, MINUTES = "offers-made", "crisis-contact-minutes"


def pace(value: float | None, target: float | None = 100, expected: float = 0.5) -> Pace | None:
    return pace_of(OFFERS, value, target, expected)


def test_the_pace_changes_at_its_thresholds() -> None:
    assert [pace(value) for value in (55, 54.9, 45, 44.9, 30, 29.9, 0)] == [
        Pace.AHEAD,
        Pace.ON_TRACK,
        Pace.ON_TRACK,
        Pace.BEHIND,
        Pace.BEHIND,
        Pace.AT_RISK,
        Pace.AT_RISK,
    ]


def test_thresholds_are_kept_to_the_tenth() -> None:
    assert [pace(value, 25) for value in (13.8, 13.7, 11.2, 7.5, 7.4)] == [
        Pace.AHEAD,
        Pace.ON_TRACK,
        Pace.BEHIND,
        Pace.BEHIND,
        Pace.AT_RISK,
    ]


def test_where_nothing_is_due_yet_nothing_is_ahead_of_it() -> None:
    assert pace(0, expected=0) is Pace.ON_TRACK
    assert pace(1, expected=0) is Pace.AHEAD


def test_without_a_number_or_a_target_there_is_no_pace() -> None:
    assert pace(None) is pace(5, None) is pace(5, 0) is None


def test_a_duration_stays_under_its_target_whatever_part_of_the_year_has_gone() -> None:
    for expected in (0.1, 1):
        assert pace_of(MINUTES, 30, 30, expected) is Pace.ON_TRACK
        assert pace_of(MINUTES, 30.1, 30, expected) is Pace.AT_RISK


def test_a_months_part_of_a_target_is_a_twelfth_but_for_a_duration() -> None:
    assert Target("c", 2026, OFFERS, 100).of_month() == 8.3
    assert Target("c", 2026, MINUTES, 100).of_month() == 100


def a_month(**numbers: int) -> MonthCounts:
    cells = {
        (unit, OFFERS): Count(number, (1 << number) - 1)
        for unit, number in {"c": 40, "c/a": 40, **numbers}.items()
    }
    return MonthCounts("c", Counts(cells))


def closed(now=MARCH.ends_at, counted=None, **said):
    by, number = uuid4(), uuid4()
    given = {"edition_id": number, "month": MARCH, "now": now, "previous": "p", "closed_by": by}
    counted = counted or a_month()
    return close(counted, [counted], Rules(10), **{**given, **said}), given


def test_a_month_can_be_closed_the_moment_it_has_ended() -> None:
    edition, given = closed()

    assert (edition.id, edition.city, edition.month) == (given["edition_id"], "c", MARCH)
    assert (edition.closed_at, edition.closed_by) == (MARCH.ends_at, given["closed_by"])
    assert (edition.minimum, edition.previous) == (10, "p")
    assert edition.digest == digest_of("c", MARCH, 10, "p", edition.figures)
    with pytest.raises(MonthNotOver, match="2026-03") as refusal:
        closed(MARCH.ends_at - INSTANT)
    assert [each.field for each in refusal.value.errors] == ["month"]


def test_an_edition_has_the_medians_of_the_year_so_far() -> None:
    times = {120: Count(40, (1 << 40) - 1)}

    edition, _ = closed(counted=replace(a_month(), crisis={MINUTES: times}))

    found = {each.code: (each.unit, each.value) for each in edition.figures}
    assert found[MINUTES] == found[f"{MINUTES}:year"] == ("c", 12)


def test_zeros_are_not_kept_and_suppressed_numbers_are() -> None:
    edition, _ = closed()
    assert all(each.suppressed or each.value for each in edition.figures)


FIGURES = [Figure("c", OFFERS, 40), Figure("c/a", OFFERS, None, suppressed=True)]


def test_the_digest_covers_everything_and_no_order() -> None:
    digest = digest_of("c", MARCH, 10, "p", FIGURES)

    assert len(digest) == 64
    assert digest_of("c", MARCH, 10, "p", FIGURES[::-1]) == digest
    others = [
        digest_of("d", MARCH, 10, "p", FIGURES),
        digest_of("c", Month(2026, 4), 10, "p", FIGURES),
        digest_of("c", MARCH, 11, "p", FIGURES),
        digest_of("c", MARCH, 10, "q", FIGURES),
        digest_of("c", MARCH, 10, "p", FIGURES[:1]),
        *(
            digest_of("c", MARCH, 10, "p", [replace(FIGURES[0], **change), FIGURES[1]])
            for change in ({"unit": "x"}, {"code": "x"}, {"value": 41}, {"suppressed": True})
        ),
    ]
    assert len({digest, *others}) == len(others) + 1


def test_a_number_is_the_same_however_it_is_written() -> None:
    whole, broken = [Figure("c", OFFERS, 40)], [Figure("c", OFFERS, 40.0)]

    assert digest_of("c", MARCH, 10, "p", whole) == digest_of("c", MARCH, 10, "p", broken)


@pytest.mark.parametrize(
    ("after_end", "after_last", "due"),
    [
        (DAY, HOUR, True),
        (DAY - INSTANT, HOUR, False),
        (DAY, HOUR - INSTANT, False),
    ],
)
def test_a_month_closes_by_itself_when_it_is_over_and_quiet(
    after_end: timedelta, after_last: timedelta, due: bool
) -> None:
    now = MARCH.ends_at + after_end

    found = is_due(MARCH, now, last_counted_at=now - after_last, grace=DAY, settle=HOUR)

    assert found is due
