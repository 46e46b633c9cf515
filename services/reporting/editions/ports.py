"""What closing a month needs."""

from datetime import datetime
from typing import Protocol

from services.chassis.work import Work
from services.reporting.calendar import Month
from services.reporting.editions.domain import Edition
from services.reporting.figures.month import MonthCounts


class Editions(Protocol):
    """Closed months."""

    def lock(self) -> None:
        """One edition at a time."""
        ...

    def is_closed(self, city: str, month: Month) -> bool:
        """Whether the month has its edition."""
        ...

    def last_digest(self, city: str) -> str:
        """The digest to chain to."""
        ...

    def counts(self, city: str, month: Month) -> MonthCounts:
        """All that was counted in the month."""
        ...

    def crisis_counts(self, city: str, month: Month) -> MonthCounts:
        """The month's crisis histograms."""
        ...

    def add(self, edition: Edition) -> None:
        """Freeze it."""
        ...

    def log_release(self, edition: Edition, channel: str, figures: int) -> None:
        """Note that numbers left."""
        ...

    def open_months(self) -> list[tuple[str, Month, datetime]]:
        """City, month and last count of every counted month without an edition."""
        ...


class EditionWork(Work, Protocol):
    """The unit of work of closing a month."""

    @property
    def editions(self) -> Editions:
        """Closed months."""
        ...
