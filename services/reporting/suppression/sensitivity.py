"""Which numbers would tell of single people on their own, before any sum is looked at."""

from dataclasses import dataclass

from services.reporting.suppression.rules import Rules
from services.reporting.suppression.table import Cell, Key, Sum, Table


@dataclass(frozen=True, slots=True)
class Primary:
    """`hidden` at least; of those, `sensitive` may not be narrowed down by any arithmetic."""

    hidden: frozenset[Key]
    sensitive: frozenset[Key]


def primary(table: Table, rules: Rules) -> Primary:
    """Small groups, withheld cells, breakdowns of small wholes, and what the table names."""
    small = {key for key, cell in table.cells.items() if cell.is_small(rules.minimum)}
    withheld = {key for key, cell in table.cells.items() if cell.withheld}
    split: set[Key] = set()
    uniform: set[Key] = set()
    for each in table.sums:
        if each.breakdown and _too_small_to_split(table.cells[each.total], rules):
            split.update(each.parts)
            uniform.update(_uniform_parts(table, each))
    return Primary(
        hidden=frozenset(small | withheld | split | table.telling),
        sensitive=frozenset(
            small | uniform | {key for key in table.telling if table.cells[key].value}
        ),
    )


def _too_small_to_split(whole: Cell, rules: Rules) -> bool:
    return whole.is_small(rules.breakdown_minimum)


def _uniform_parts(table: Table, split: Sum) -> set[Key]:
    """The part that everybody is in: to know it is to know each of them."""
    whole = table.cells[split.total].value
    return {part for part in split.parts if table.cells[part].value == whole}


def is_telling(numerator: Cell, base: Cell, rules: Rules) -> bool:
    """Whether a proportion singles people out: all but one or two, or all or none of few."""
    if numerator.people is None:
        return False
    if 0 < base.value - numerator.value < rules.few:
        return True
    return base.is_small(rules.breakdown_minimum) and numerator.value in (0, base.value)
