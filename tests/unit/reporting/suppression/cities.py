"""Small cities for the attack tests: who answered what, where, and the counts that follow."""

from collections import Counter
from dataclasses import dataclass
from itertools import product

from hypothesis import strategies as st

from services.reporting.suppression.release import Release
from services.reporting.suppression.tree import Count, Counts, Family, Split
from services.reporting.units import lineage, within

UNITS = ("c", "c/a", "c/b", "c/a/1", "c/a/2", "c/a/3", "c/b/1", "c/b/2", "c/d/1")
BANDS = ("low", "middle", "high")
RISKS = ("none", "crisis")

FAMILY = Family(
    "all",
    (
        Split("all", tuple(f"band-{band}" for band in BANDS)),
        Split("all", tuple(f"risk-{risk}" for risk in RISKS)),
    ),
    frozenset({"risk-crisis"}),
)

Atom = tuple[str, str, str]
"""Where, band, risk."""


@dataclass(frozen=True)
class City:
    """How many people there are of each atom; each of them answered once."""

    atoms: dict[Atom, int]

    def possible(self) -> list[Atom]:
        """What an attacker must hold possible: any band and risk wherever anybody answered."""
        places = sorted({atom[0] for atom in self.atoms})
        return list(product(places, BANDS, RISKS))

    def matches(self, unit: str, code: str) -> list[Atom]:
        return [atom for atom in self.possible() if within(atom[0], unit) and _has(atom, code)]

    def value(self, unit: str, code: str) -> int:
        return sum(self.atoms.get(atom, 0) for atom in self.matches(unit, code))

    def counts(self) -> Counts:
        subtree: Counter[tuple[str, str]] = Counter()
        own: Counter[tuple[str, str]] = Counter()
        for (unit, band, risk), people in self.atoms.items():
            for code in ("all", f"band-{band}", f"risk-{risk}"):
                own[unit, code] += people
                for each in lineage(unit):
                    subtree[each, code] += people
        return Counts(_crowds(subtree), _crowds(own))

    def units(self) -> set[str]:
        return {each for atom in self.atoms for each in lineage(atom[0])}

    def visible(self, released: Release) -> list[tuple[str, str]]:
        return [
            (unit, code)
            for unit in self.units()
            for code in FAMILY.codes
            if not released.is_hidden(unit, code)
        ]


def _has(atom: Atom, code: str) -> bool:
    return code in ("all", f"band-{atom[1]}", f"risk-{atom[2]}")


def _crowds(values: Counter[tuple[str, str]]) -> dict[tuple[str, str], Count]:
    return {key: Count(value, (1 << value) - 1) for key, value in values.items() if value}


atoms = st.tuples(st.sampled_from(UNITS), st.sampled_from(BANDS), st.sampled_from(RISKS))
sizes = st.one_of(st.integers(1, 4), st.integers(1, 25))
cities = st.dictionaries(atoms, sizes, max_size=14).map(City)
