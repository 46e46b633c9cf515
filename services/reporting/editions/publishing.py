"""What the world hears of an edition: the city's numbers, suppressed."""

from services.contracts.reporting import PublishedFigure, StatisticsPublishedV1
from services.reporting.editions.domain import YEAR_SUFFIX, Edition


def statistics_published(edition: Edition) -> StatisticsPublishedV1:
    """The public event; figures of single units are read from the service by who may."""
    figures = [
        PublishedFigure(code=each.code, value=each.value)
        for each in edition.figures
        if each.unit == edition.city and not each.code.endswith(YEAR_SUFFIX)
    ]
    return StatisticsPublishedV1(
        edition=edition.id,
        month=str(edition.month),
        scope=edition.city,
        digest=edition.digest,
        figures=tuple(figures),
    )
