"""Adding up: many events become few counter changes, the same ones in whatever order they come."""

from dataclasses import dataclass, field
from functools import lru_cache

from services.reporting.calendar import Month
from services.reporting.counting.codes import Facts, codes_of, counts_people
from services.reporting.counting.crowd import crowd_of
from services.reporting.counting.entry import Entry
from services.reporting.suppression.tree import Count
from services.reporting.units import lineage


@dataclass(frozen=True, slots=True, order=True)
class CounterKey:
    """A counter: of a unit with all below it, or (`own`) of what names the unit itself."""

    month: Month
    unit: str
    own: bool
    code: str


@dataclass
class Tally:
    """Counter changes collected so far."""

    changes: dict[CounterKey, Count] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """One event."""
        crowd = 0 if entry.bucket is None else crowd_of(entry.bucket)
        self.add_alike(entry.kind, entry.facts, entry.unit, entry.month, 1, crowd)

    def add_alike(
        self, kind: str, facts: Facts, unit: str, month: Month, number: int, crowd: int
    ) -> None:
        """`number` events that the rules cannot tell apart, and the crowd behind them."""
        for code in codes_of(kind, facts):
            count = Count(number, crowd if counts_people(code) else None)
            for each in _lineage(unit):
                self._change(CounterKey(month, each, False, code), count)
            self._change(CounterKey(month, unit, True, code), count)

    def _change(self, key: CounterKey, count: Count) -> None:
        known = self.changes.get(key)
        self.changes[key] = count if known is None else known + count

    def rows(self) -> list[tuple[CounterKey, Count]]:
        """In one order for everybody, so that no two transactions wait for each other in a ring."""
        return sorted(self.changes.items())


@lru_cache(maxsize=20_000)
def _lineage(unit: str) -> tuple[str, ...]:
    return tuple(lineage(unit))
