"""Complementary suppression: hide more, as little as needed, until nothing sensitive is derivable.

Each round attacks the table (audit.py) and hides one more cell for each one that was too weak:
where a sum has a single hidden member, a second one; where the hidden members hold too few
people between them, the smallest one that makes up for it. The rounds end because there are
finitely many cells, and a table of which everything below its fixed cells is hidden holds. A cell
that was strong stays strong: hiding more only adds to what an attacker must hold possible.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from services.reporting.suppression.audit import audit
from services.reporting.suppression.rules import Rules
from services.reporting.suppression.sensitivity import primary
from services.reporting.suppression.table import Key, Publication, Sum, Table

SIGHT = 1
"""How many sums away a pinned cell still matters more than a nearer one that could be hidden."""


SMALL_TABLE = 600
"""Up to so many cells it is worth the time to look for suppressions that became needless."""


class CannotProtect(RuntimeError):
    """What was published before gives a sensitive cell away whatever else is hidden."""


def suppress(table: Table, rules: Rules, decided: Mapping[Key, bool] | None = None) -> Publication:
    """Decide what may leave. `decided` cells were published (True) or withheld (False) before."""
    decided = decided or {}
    first = primary(table, rules)
    before = {key for key, visible in decided.items() if not visible}
    shown = frozenset(key for key, visible in decided.items() if visible)
    search = _Search(table, rules, shown, set(first.hidden | before) - shown)
    sensitive = first.sensitive - shown
    doubtful: Collection[Key] = sensitive
    while doubtful := audit(table, search.hidden, doubtful, rules.minimum).weak:
        search.strengthen(doubtful)
    if len(table.cells) <= SMALL_TABLE:
        _give_back(search, search.hidden - first.hidden - before, sensitive)
    return Publication(table, frozenset(search.hidden), sensitive)


def _give_back(search: "_Search", chosen: set[Key], sensitive: Collection[Key]) -> None:
    """Show again what later choices made needless, the weightiest first."""
    for key in sorted(chosen, key=search.cost, reverse=True):
        fewer = search.hidden - {key}
        if not audit(search.table, fewer, sensitive, search.rules.minimum).weak:
            search.hidden.discard(key)


@dataclass
class _Search:
    table: Table
    rules: Rules
    shown: frozenset[Key]
    hidden: set[Key]
    sums: dict[Key, list[Sum]] = field(init=False)

    def __post_init__(self) -> None:
        self.sums = {}
        for each in self.table.sums:
            for member in each.members:
                self.sums.setdefault(member, []).append(each)

    def strengthen(self, weak: Mapping[Key, int]) -> None:
        """Hide one more cell for each weak one, unless one was just hidden beside it."""
        touched: set[int] = set()
        hidden_before = len(self.hidden)
        for key in sorted(weak, key=lambda each: (weak[each], each)):
            around = {id(each) for each in self.sums.get(key, ())}
            if around & touched:
                continue
            chosen = self._choose(key)
            if chosen is not None:
                self.hidden.add(chosen)
                touched |= {id(each) for each in self.sums[chosen]} | around
        if len(self.hidden) == hidden_before:
            raise CannotProtect(", ".join("/".join(key) for key in sorted(weak)[:3]))

    def _choose(self, weak: Key) -> Key | None:
        """The best cell to hide: where a sum pins a cell that the weak one hangs on, else near."""
        nearest: set[Key] = set()
        for distance, sums in enumerate(self._rings(weak)):
            pinned = [each for each in sums if self._hidden_members(each) == 1]
            if best := self._open_members(pinned):
                return min(best, key=self.cost)
            nearest = nearest or self._open_members(sums)
            if nearest and distance >= SIGHT:
                break
        return min(nearest, key=self.cost, default=None)

    def _open_members(self, sums: list[Sum]) -> set[Key]:
        return {member for each in sums for member in each.members if self._is_open(member)}

    def _rings(self, weak: Key) -> Iterator[list[Sum]]:
        """The sums the cell is in, then those of the hidden cells they hold, and so on."""
        seen = {weak}
        ring = [weak]
        while ring:
            sums = [each for key in ring for each in self.sums.get(key, ())]
            yield sums
            ring = self._next_ring(sums, seen)

    def _next_ring(self, sums: list[Sum], seen: set[Key]) -> list[Key]:
        found = []
        for each in sums:
            for member in each.members:
                if member in self.hidden and member not in seen:
                    seen.add(member)
                    found.append(member)
        return found

    def cost(self, key: Key) -> tuple[int, int, int, int, Key]:
        """What is hidden first: light cells, those that free many pinned ones, the smallest."""
        cell = self.table.cells[key]
        pinned = sum(self._hidden_members(each) == 1 for each in self.sums[key])
        lacking = max(0, self.rules.minimum - cell.value)
        return cell.weight, -pinned, lacking, cell.value, key

    def _hidden_members(self, each: Sum) -> int:
        return sum(member in self.hidden for member in each.members)

    def _is_open(self, key: Key) -> bool:
        return key not in self.hidden and key not in self.shown
