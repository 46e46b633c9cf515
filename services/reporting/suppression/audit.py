"""The audit before release: which sensitive cells could still be derived or narrowed down."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.reporting.suppression.bounds import Walk
from services.reporting.suppression.freedom import Freedom
from services.reporting.suppression.table import Key, Table


@dataclass(frozen=True, slots=True)
class Audit:
    """`weak` cells have too narrow an interval (and its width); `recoverable` ones have none."""

    weak: dict[Key, int]
    recoverable: frozenset[Key]


def audit(table: Table, hidden: Iterable[Key], sensitive: Iterable[Key], width: int) -> Audit:
    """Attack the table as an outsider would, who knows every sum and every visible number."""
    order = sorted(hidden)
    number = {key: index for index, key in enumerate(order)}
    freedom = Freedom(_equations(table, number))
    recoverable = frozenset(key for key in order if freedom.is_recoverable(number[key]))
    walk = Walk(freedom, {number[key]: table.cells[key].value for key in order})
    weak = {}
    for key in sorted(sensitive):
        found = walk.width(number[key], width)
        if found < width:
            weak[key] = found
    return Audit(weak, recoverable)


def _equations(table: Table, number: dict[Key, int]) -> list[dict[int, int]]:
    """Each sum, as it binds changes of the hidden cells: the visible ones cannot change."""
    equations = []
    for each in table.sums:
        terms = {number[part]: 1 for part in each.parts if part in number}
        if each.total in number:
            terms[number[each.total]] = -1
        if terms:
            equations.append(terms)
    return equations
