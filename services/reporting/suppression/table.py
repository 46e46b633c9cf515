"""The numbers that are about to leave, and the sums an attacker knows to hold between them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Key = tuple[str, str]
"""A unit path and an indicator code."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One number. `people` is how many different people it counts at least; None: not people.

    `withheld` cells are never published, whatever their size (a remainder that only exists
    because it can be subtracted). Of two cells that would do, the one of less `weight` is hidden.
    """

    value: int
    people: int | None
    weight: int = 0
    withheld: bool = False

    def is_small(self, minimum: int) -> bool:
        """Whether it tells of at least one person and of fewer than `minimum`."""
        return self.people is not None and self.value > 0 and self.people < minimum


@dataclass(frozen=True, slots=True)
class Sum:
    """`total` is the sum of `parts`; a `breakdown` splits the same people by a trait of theirs."""

    total: Key
    parts: tuple[Key, ...]
    breakdown: bool = False

    @property
    def members(self) -> tuple[Key, ...]:
        """The total and its parts."""
        return (self.total, *self.parts)


@dataclass(frozen=True, slots=True)
class Table:
    """Cells with their sums; `telling` ones are hidden for what they say beside another number."""

    cells: Mapping[Key, Cell]
    sums: tuple[Sum, ...]
    telling: frozenset[Key] = frozenset()

    def check(self) -> None:
        """Raise ValueError where a sum does not hold: the audit would prove nothing."""
        for each in self.sums:
            parts = sum(self.cells[part].value for part in each.parts)
            if self.cells[each.total].value != parts:
                raise ValueError(f"{each.total} is not the sum of its parts")


@dataclass(frozen=True, slots=True)
class Publication:
    """What may leave: every cell that is not `hidden`."""

    table: Table
    hidden: frozenset[Key]
    sensitive: frozenset[Key] = field(default_factory=frozenset)

    def value(self, key: Key) -> int | None:
        """The number, or None where it is suppressed."""
        return None if key in self.hidden else self.table.cells[key].value

    def decided(self, keys: Iterable[Key]) -> dict[Key, bool]:
        """Which of these cells are visible: fixed for every later, finer publication."""
        return {key: key not in self.hidden for key in keys}
