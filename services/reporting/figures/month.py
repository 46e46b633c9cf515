"""One month's numbers after suppression, down to a depth of the tree."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from services.reporting.counting.cases import median_minutes
from services.reporting.counting.codes import CRISIS_CASES
from services.reporting.figures.families import families_of, telling_cells
from services.reporting.figures.kinds import Kind, is_duration, kind_of
from services.reporting.suppression.release import CITY, EVERYTHING, Release, release
from services.reporting.suppression.rules import Rules
from services.reporting.suppression.table import Cell
from services.reporting.suppression.tree import Count, Counts
from services.reporting.units import depth_of

Histogram = Mapping[int, Count]
"""Cases by the tenths of minutes they took."""


@dataclass(frozen=True, slots=True)
class MonthCounts:
    """All that was counted in one month of one city."""

    city: str
    counts: Counts
    crisis: Mapping[str, Histogram] = field(default_factory=dict)

    def codes(self) -> set[str]:
        """Every code that anything was counted for."""
        return {code for _, code in self.counts.subtree} | set(self.crisis)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `value` is None where it is suppressed, and for a median of nothing."""

    unit: str
    code: str
    value: float | None
    suppressed: bool = False


class MonthFigures:
    """The answers to every question about one month; what is not asked for is not worked out."""

    def __init__(
        self,
        counted: MonthCounts,
        rules: Rules,
        *,
        kinds: Collection[Kind] = tuple(Kind),
        depth: int = EVERYTHING,
    ) -> None:
        self._counted = counted
        self._rules = rules
        self._releases: dict[str, Release] = {}
        telling = telling_cells(counted.counts, rules)
        for family in families_of(code for code in counted.codes() if kind_of(code) in kinds):
            found = release(family, counted.counts, rules, depth=depth, telling=telling)
            self._releases.update(dict.fromkeys(family.codes, found))

    def figure(self, unit: str, code: str) -> Figure:
        """The number of a unit; a code that nothing was counted for is a true zero."""
        if kind_of(code) is Kind.CRISIS:
            return self._crisis(unit, code)
        found = self._releases.get(code)
        value = found.value(unit, code) if found else 0
        return Figure(unit, code, value, suppressed=value is None)

    def all(self) -> list[Figure]:
        """Every number of every unit that anything was counted for, by unit and code."""
        units = sorted(self._counted.counts.units() | {self._counted.city})
        city = [self.figure(self._counted.city, code) for code in sorted(self._counted.crisis)]
        return city + [self.figure(unit, code) for unit in units for code in sorted(self._releases)]

    def _crisis(self, unit: str, code: str) -> Figure:
        """Only the city's, and medians only over enough people."""
        histogram = self._counted.crisis.get(code, {})
        if depth_of(unit) > CITY or is_small(histogram, self._rules):
            return Figure(unit, code, None, suppressed=True)
        value = total_of(histogram).value if code == CRISIS_CASES else median_of(histogram)
        return Figure(unit, code, value)


def is_small(histogram: Histogram, rules: Rules) -> bool:
    """Whether too few people are behind a histogram."""
    total = total_of(histogram)
    return Cell(total.value, total.people).is_small(rules.minimum)


def total_of(histogram: Histogram) -> Count:
    """All cases of a histogram."""
    total = Count(0, 0)
    for count in histogram.values():
        total += count
    return total


def median_of(histogram: Histogram) -> float | None:
    """The median in minutes; None without cases."""
    return median_minutes({tenths: count.value for tenths, count in histogram.items()})


def year_medians(months: Iterable[MonthCounts], rules: Rules) -> dict[str, float | None]:
    """The year's medians so far, over those months alone whose own median could be shown.

    So every step from one year-to-date median to the next holds at least a minimum group.
    """
    found: dict[str, dict[int, Count]] = {}
    for month in months:
        for code, histogram in month.crisis.items():
            if is_duration(code) and not is_small(histogram, rules):
                year = found.setdefault(code, {})
                for tenths, count in histogram.items():
                    year[tenths] = year.get(tenths, Count(0, 0)) + count
    return {code: median_of(histogram) for code, histogram in found.items()}
