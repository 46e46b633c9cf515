"""What reporting tells the world: published, suppressed statistics."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from services.contracts.event import DataClass, IntegrationEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFigure:
    """One number of an edition; `value` is absent where it is suppressed."""

    code: str
    """The indicator, e.g. `appointments-booked`."""
    value: float | None
    """The number; none where it is suppressed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsPublishedV1(IntegrationEvent):
    """A month's edition is closed; the numbers have passed suppression and never change."""

    type: ClassVar[str] = "reporting.statistics-published.v1"
    dataclass: ClassVar[DataClass] = DataClass.PUBLIC
    subject: ClassVar[str] = "edition"

    edition: UUID
    """The edition."""
    month: str
    """The month it is about, e.g. `2026-03`."""
    scope: str
    """The path of the city."""
    digest: str
    """SHA-256 over the edition's figures and the digest before it."""
    figures: tuple[PublishedFigure, ...] = ()
    """Every published number of the city."""
