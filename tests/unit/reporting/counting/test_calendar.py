"""Months are the city's."""

from datetime import UTC, date, datetime

import pytest

from services.reporting.calendar import Month, share_of_month, share_of_year


def test_a_month_begins_at_midnight_in_the_city() -> None:
    assert Month(2026, 1).starts_at == datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert Month.of(datetime(2025, 12, 31, 16, tzinfo=UTC)) == Month(2026, 1)
    assert Month.of(datetime(2025, 12, 31, 15, 59, tzinfo=UTC)) == Month(2025, 12)


def test_months_follow_each_other_over_the_year() -> None:
    assert [str(each) for each in Month(2025, 11).until(Month(2026, 2))] == [
        "2025-11", "2025-12", "2026-01", "2026-02",
    ]  # fmt: skip
    assert Month.starting(date(2026, 3, 1)).first_day == date(2026, 3, 1)


@pytest.mark.parametrize(("day", "share"), [((2025, 6, 1), 0.0), ((2027, 1, 5), 1.0)])
def test_the_share_of_a_year_stays_between_none_and_all(
    day: tuple[int, int, int], share: float
) -> None:
    assert share_of_year(2026, datetime(*day, tzinfo=UTC)) == share


def test_the_share_of_a_period_follows_the_clock() -> None:
    middle = datetime(2026, 7, 2, 4, tzinfo=UTC)

    assert share_of_year(2026, middle) == pytest.approx(0.5, abs=0.01)
    assert share_of_month(Month(2026, 4), datetime(2026, 4, 16, tzinfo=UTC)) == pytest.approx(
        0.5, abs=0.02
    )
    assert share_of_month(Month(2026, 4), middle) == 1.0
