"""What of a family may leave, from the city down: each level is fixed before the next is looked at.

The order matters twice. Higher levels keep more, because finer ones pay for their secrets. And
a live view of the city or its districts shows exactly what the later closed edition shows of
them, so the two can never be played against each other.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from services.reporting.suppression.complement import suppress
from services.reporting.suppression.rules import Rules
from services.reporting.suppression.table import Key, Publication
from services.reporting.suppression.tree import Counts, Family, Grown, grow
from services.reporting.units import lineage

CITY = 1
DISTRICTS = 2
EVERYTHING = 99


@dataclass(frozen=True, slots=True)
class Release:
    """The answer to every question about one family: a number, or nothing."""

    family: Family
    counts: Counts
    grown: Grown
    publication: Publication

    def is_hidden(self, unit: str, code: str) -> bool:
        """Whether the number is suppressed; a unit nothing was counted for shows a true zero."""
        if not self.grown.folded.isdisjoint(lineage(unit)):
            return self.counts.subtree.get((unit, self.family.total)) is not None
        return (unit, code) in self.publication.hidden

    def value(self, unit: str, code: str) -> int | None:
        """The number, or None where it is suppressed."""
        if self.is_hidden(unit, code):
            return None
        count = self.counts.subtree.get((unit, code))
        return count.value if count else 0


def release(
    family: Family,
    counts: Counts,
    rules: Rules,
    *,
    depth: int = EVERYTHING,
    telling: Iterable[Key] = (),
) -> Release:
    """Decide level by level, down to `depth`."""
    decided: dict[Key, bool] = {}
    telling = frozenset(telling)
    for level in [level for level in (CITY, DISTRICTS) if level < depth] + [depth]:
        grown = grow(family, counts, rules, depth=level, telling=telling)
        publication = suppress(grown.table, rules, decided)
        shown = [key for key in grown.table.cells if key[0] in grown.kept]
        decided.update(publication.decided(shown))
    return Release(family, counts, grown, publication)
