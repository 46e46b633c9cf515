"""The city's wall time: days and hours as people write them, moments as the system keeps them."""

from datetime import UTC, date, datetime, time, timedelta

from services.chassis.clock import SHANGHAI


def moment(day: date, at: time) -> datetime:
    """The UTC moment of an hour on a day of the city."""
    return datetime.combine(day, at, tzinfo=SHANGHAI).astimezone(UTC)


def day_of(when: datetime) -> date:
    """The city's calendar day that a moment falls on."""
    return when.astimezone(SHANGHAI).date()


def end_of_day(when: datetime) -> datetime:
    """The UTC moment at which the city's day of `when` ends."""
    return moment(day_of(when) + timedelta(days=1), time.min)


def days_from(first: date, count: int) -> list[date]:
    """`count` days in a row."""
    return [first + timedelta(days=number) for number in range(count)]
