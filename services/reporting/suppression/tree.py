"""From counts by unit to the table that is audited: units too small to show become remainders.

A unit whose whole count is small is folded: nothing of it, nor of anything below it, is shown,
and it is added to its parent's remainder (`wh/hc/*`), which also holds what was counted at the
parent itself. Only the remainder can be derived, by subtraction, so it is a cell of the table
that is never published. The folded units' own cells need no row: with two or more of them behind
a remainder each can be anything from zero to the whole of it, and one alone is the remainder.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.reporting.suppression.rules import Rules
from services.reporting.suppression.table import Cell, Key, Sum, Table
from services.reporting.units import depth_of, parent_of

REMAINDER = "*"


@dataclass(frozen=True, slots=True)
class Count:
    """A number and its crowd: a set of bits, one or more people each; None: it counts no people.

    The bits that are set are at least as many people, so a crowd never makes a group look larger.
    """

    value: int
    crowd: int | None = None

    @property
    def people(self) -> int | None:
        """How many different people at least."""
        return None if self.crowd is None else min(self.crowd.bit_count(), self.value)

    def __add__(self, other: "Count") -> "Count":
        if self.crowd is None or other.crowd is None:
            return Count(self.value + other.value)
        return Count(self.value + other.value, self.crowd | other.crowd)


@dataclass(frozen=True, slots=True)
class Split:
    """Within each unit, one code is the sum of others; a `breakdown` splits the same people."""

    whole: str
    parts: tuple[str, ...]
    breakdown: bool = True


@dataclass(frozen=True, slots=True)
class Family:
    """Codes bound by sums within a unit; `total` is the one that all others add up to.

    `city_only` codes are never shown below the city; `telling` cells are hidden beside others.
    """

    total: str
    splits: tuple[Split, ...] = ()
    city_only: frozenset[str] = frozenset()

    @property
    def codes(self) -> tuple[str, ...]:
        """The total first, then each part once."""
        found = dict.fromkeys([self.total])
        for split in self.splits:
            found.update(dict.fromkeys([split.whole, *split.parts]))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted: `subtree` with everything below a unit, `own` at the unit itself."""

    subtree: Mapping[Key, Count]
    own: Mapping[Key, Count] = field(default_factory=dict)

    def units(self) -> set[str]:
        """Every unit that anything was counted for."""
        return {unit for unit, _ in self.subtree}


@dataclass(frozen=True, slots=True)
class Grown:
    """The table of a family, the units it holds, and the largest units that are folded."""

    table: Table
    kept: frozenset[str]
    folded: frozenset[str]


def grow(
    family: Family,
    counts: Counts,
    rules: Rules,
    *,
    depth: int,
    telling: Iterable[Key] = (),
) -> Grown:
    """The table of all units down to `depth` (1: the city alone)."""
    return _Growth(family, counts, rules).grow(depth, frozenset(telling))


class _Growth:
    def __init__(self, family: Family, counts: Counts, rules: Rules) -> None:
        self._family = family
        self._counts = counts
        self._rules = rules
        self._cells: dict[Key, Cell] = {}
        self._sums: list[Sum] = []

    def grow(self, depth: int, telling: frozenset[Key]) -> Grown:
        kept, folded = self._sort_units(depth)
        for unit in sorted(kept):
            self._add_unit(unit)
        for unit in sorted(kept):
            children = [each for each in kept if parent_of(each) == unit]
            if children:
                small = [each for each in folded if parent_of(each) == unit]
                self._add_children(unit, sorted(children), small)
        named = frozenset(key for key in telling if key in self._cells)
        table = Table(self._cells, tuple(self._sums), named)
        return Grown(table, frozenset(kept), frozenset(folded))

    def _sort_units(self, depth: int) -> tuple[set[str], set[str]]:
        kept: set[str] = set()
        folded: set[str] = set()
        for unit in sorted(self._counts.units(), key=lambda each: (depth_of(each), each)):
            above = parent_of(unit)
            total = self._count(unit, self._family.total)
            if depth_of(unit) > depth or total.value == 0 or (above and above not in kept):
                continue
            small = bool(above) and _cell(total).is_small(self._rules.minimum)
            (folded if small else kept).add(unit)
        return kept, folded

    def _count(self, unit: str, code: str) -> Count:
        return self._counts.subtree.get((unit, code), Count(0, 0))

    def _own(self, unit: str, code: str) -> Count:
        return self._counts.own.get((unit, code), Count(0, 0))

    def _add_unit(self, unit: str) -> None:
        below_city = bool(parent_of(unit))
        for code in self._family.codes:
            withheld = below_city and code in self._family.city_only
            weight = self._weight(unit, code)
            self._cells[unit, code] = _cell(self._count(unit, code), weight, withheld)
        self._split(unit)

    def _split(self, unit: str) -> None:
        for split in self._family.splits:
            parts = tuple((unit, part) for part in split.parts)
            self._sums.append(Sum((unit, split.whole), parts, split.breakdown))

    def _weight(self, unit: str, code: str) -> int:
        """Higher units and wider codes are kept longest."""
        wide = 2 if code == self._family.total else 0
        wide += any(split.whole == code for split in self._family.splits)
        return 4 * (32 - depth_of(unit)) + wide

    def _add_children(self, unit: str, children: list[str], folded: list[str]) -> None:
        remainder = f"{unit}/{REMAINDER}"
        rest = {code: self._rest(unit, code, folded) for code in self._family.codes}
        members = list(children)
        if rest[self._family.total].value:
            members.append(remainder)
            for code, count in rest.items():
                self._cells[remainder, code] = _cell(count, withheld=True)
            self._split(remainder)
        for code in self._family.codes:
            parts = tuple((member, code) for member in members)
            self._sums.append(Sum((unit, code), parts))

    def _rest(self, unit: str, code: str, folded: list[str]) -> Count:
        total = self._own(unit, code)
        for each in folded:
            total += self._count(each, code)
        return total


def _cell(count: Count, weight: int = 0, withheld: bool = False) -> Cell:
    return Cell(count.value, count.people, weight, withheld)
