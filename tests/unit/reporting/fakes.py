"""Reporting's storage in memory."""

from datetime import datetime
from typing import Any, Self

from services.reporting.calendar import Month
from services.reporting.editions.domain import Edition
from services.reporting.figures.month import MonthCounts
from services.reporting.suppression.tree import Counts


class FakeEditions:
    """Editions in a list."""

    def __init__(self, months: dict[Month, MonthCounts]) -> None:
        self.months = months
        self.closed: list[Edition] = []
        self.releases: list[tuple[Edition, str, int]] = []

    def lock(self) -> None:
        pass

    def is_closed(self, city: str, month: Month) -> bool:
        return any((each.city, each.month) == (city, month) for each in self.closed)

    def last_digest(self, city: str) -> str:
        return self.closed[-1].digest if self.closed else ""

    def counts(self, city: str, month: Month) -> MonthCounts:
        return self.months.get(month, MonthCounts(city, Counts({})))

    crisis_counts = counts

    def add(self, edition: Edition) -> None:
        self.closed.append(edition)

    def log_release(self, edition: Edition, channel: str, figures: int) -> None:
        self.releases.append((edition, channel, figures))

    def open_months(self) -> list[tuple[str, Month, datetime]]:
        return [
            ("c", month, month.starts_at)
            for month in sorted(self.months)
            if not self.is_closed("c", month)
        ]


class FakeWork:
    """A unit of work that remembers what it was told."""

    def __init__(self, now: datetime, months: dict[Month, MonthCounts]) -> None:
        self._now = now
        self.editions = FakeEditions(months)
        self.published: list[tuple[Any, str]] = []
        self.committed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def commit(self) -> None:
        self.committed = True

    def publish(self, event: Any, *, unit: str = "", urgent: bool = False) -> None:
        assert not urgent
        self.published.append((event, unit))

    def now(self) -> datetime:
        return self._now
