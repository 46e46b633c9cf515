"""The city's months, by which everything is counted: Asia/Shanghai's, in UTC moments."""

from datetime import UTC, date, datetime
from typing import NamedTuple, Self

from services.chassis.clock import SHANGHAI


class Month(NamedTuple):
    """A calendar month of the city."""

    year: int
    number: int

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """The month an aware moment falls in."""
        local = moment.astimezone(SHANGHAI)
        return cls(local.year, local.month)

    @classmethod
    def starting(cls, day: date) -> Self:
        """The month of its first day, as the tables keep it."""
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        """The first day."""
        return date(self.year, self.number, 1)

    @property
    def starts_at(self) -> datetime:
        """Its first moment, in UTC."""
        return datetime(self.year, self.number, 1, tzinfo=SHANGHAI).astimezone(UTC)

    @property
    def ends_at(self) -> datetime:
        """The first moment of the next one, in UTC."""
        return self.next().starts_at

    def next(self) -> "Month":
        """The one after."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    def until(self, last: "Month") -> list["Month"]:
        """This month and all others up to `last`."""
        found, month = [], self
        while month <= last:
            found.append(month)
            month = month.next()
        return found

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


def share_of_year(year: int, now: datetime, through: Month | None = None) -> float:
    """How much of the year has gone by now, or by the end of `through` if that is earlier."""
    start, end = Month(year, 1).starts_at, Month(year, 12).ends_at
    until = min(now, through.ends_at) if through else now
    return min(1.0, max(0.0, (until - start) / (end - start)))


def share_of_month(month: Month, now: datetime) -> float:
    """How much of the month has gone."""
    gone = (now - month.starts_at) / (month.ends_at - month.starts_at)
    return min(1.0, max(0.0, gone))
