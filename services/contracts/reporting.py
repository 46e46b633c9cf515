"""What reporting tells the world: published, suppressed statistics."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from services.contracts.event import DataClass, IntegrationEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFigure:
    """One number of an edition; `value` is absent where it is suppressed."""

    code: str
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsPublishedV1(IntegrationEvent):
    """A month's edition is closed; the numbers have passed suppression and never change."""

    type: ClassVar[str] = "reporting.statistics-published.v1"
    dataclass: ClassVar[DataClass] = DataClass.PUBLIC
    subject: ClassVar[str] = "edition"

    edition: UUID
    month: str
    scope: str
    digest: str
    figures: tuple[PublishedFigure, ...] = ()
