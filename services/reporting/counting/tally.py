"""Adding up: many events become few counter changes, the same ones in whatever order they come."""

from functools import lru_cache
from typing import NamedTuple, TypeVar

from services.reporting.calendar import Month
from services.reporting.counting.codes import Facts, codes_of, counts_people
from services.reporting.counting.crowd import crowd_of
from services.reporting.counting.entry import Entry
from services.reporting.suppression.tree import Count
from services.reporting.units import lineage

K = TypeVar("K")


class CounterKey(NamedTuple):
    """A counter: of what names the unit itself (`own`), or of all below it."""

    month: Month
    unit: str
    own: bool
    code: str


class Tally:
    """Counter changes collected so far."""

    def __init__(self) -> None:
        self._own: dict[tuple[Month, str, str], Count] = {}

    def __len__(self) -> int:
        return len(self._own)

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
            _add(self._own, (month, unit, code), count)

    def changes(self) -> dict[CounterKey, Count]:
        """Each unit's own counters, and those of all units above it."""
        found: dict[CounterKey, Count] = {}
        for (month, unit, code), count in self._own.items():
            found[CounterKey(month, unit, True, code)] = count
            for above in _above(unit):
                _add(found, CounterKey(month, above, False, code), count)
        return found

    def rows(self) -> list[tuple[CounterKey, Count]]:
        """In one order for everybody, so that no two transactions wait for each other in a ring."""
        return sorted(self.changes().items())


def _add(counts: dict[K, Count], key: K, count: Count) -> None:
    known = counts.get(key)
    counts[key] = count if known is None else known + count


@lru_cache(maxsize=20_000)
def _above(unit: str) -> tuple[str, ...]:
    return tuple(lineage(unit)[:-1])
