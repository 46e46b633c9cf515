"""Wall time, unit paths, and the spans that make double booking impossible."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.booking.calendar import day_of, end_of_day, moment
from services.booking.parties import span
from services.booking.units import district_of, within

DAY = datetime(2025, 6, 2, tzinfo=UTC)
minutes = st.integers(0, 60 * 24 * 400)
numbers = st.integers(1, 2**35)


def test_nine_in_the_city_is_one_in_utc():
    assert moment(date(2025, 6, 2), time(9)) == datetime(2025, 6, 2, 1, tzinfo=UTC)


def test_an_evening_in_utc_is_the_next_day_in_the_city():
    assert day_of(datetime(2025, 6, 1, 20, tzinfo=UTC)) == date(2025, 6, 2)
    assert end_of_day(datetime(2025, 6, 1, 20, tzinfo=UTC)) == datetime(2025, 6, 2, 16, tzinfo=UTC)


def test_a_unit_lies_within_itself_and_its_ancestors_but_not_its_namesakes():
    assert within("wh/hc/e1", "wh/hc")
    assert within("wh/hc", "wh/hc")
    assert not within("wh/hcx", "wh/hc")
    assert district_of("wh/hc/e1") == "wh/hc"


@given(numbers, numbers, minutes, minutes, st.integers(1, 600), st.integers(1, 600))
def test_spans_overlap_exactly_when_one_party_would_be_in_two_places(
    one, other, start, later, length, duration
):
    first = (DAY + timedelta(minutes=start), DAY + timedelta(minutes=start + length))
    second = (DAY + timedelta(minutes=later), DAY + timedelta(minutes=later + duration))

    overlap = span(one, *first).overlaps(span(other, *second))

    assert overlap == (one == other and first[0] < second[1] and second[0] < first[1])


def test_sessions_that_touch_do_not_overlap():
    nine, ten, eleven = (DAY + timedelta(hours=hour) for hour in (9, 10, 11))

    assert not span(7, nine, ten).overlaps(span(7, ten, eleven))
