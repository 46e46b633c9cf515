"""What setting targets needs."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.chassis.work import Work
from services.reporting.targets.domain import Target


class Targets(Protocol):
    """The targets of units and years."""

    def of(self, unit: str, year: int) -> dict[str, Target]:
        """A unit's targets of a year, by code."""
        ...

    def set(self, target: Target, by: UUID, now: datetime) -> None:
        """Set or change it."""
        ...

    def end(self, unit: str, year: int, code: str) -> None:
        """Take it away."""
        ...


class TargetWork(Work, Protocol):
    """The unit of work of setting targets."""

    @property
    def targets(self) -> Targets:
        """The table of targets."""
        ...
