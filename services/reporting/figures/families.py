"""Which numbers are bound by sums, so that one may not be looked at without the others."""

from collections.abc import Iterable

from services.reporting.counting.codes import PROPORTIONS, RESPONSES
from services.reporting.figures.kinds import (
    RESPONSE_PREFIX,
    RISK_OF_CRISIS,
    RISK_PREFIX,
    Kind,
    kind_of,
)
from services.reporting.suppression.rules import Rules
from services.reporting.suppression.sensitivity import is_telling
from services.reporting.suppression.table import Cell, Key
from services.reporting.suppression.tree import Count, Counts, Family, Split


def families_of(codes: Iterable[str]) -> list[Family]:
    """The clinical family, if anything of it was counted, and one for each other code."""
    known = sorted(set(codes))
    clinical = [code for code in known if kind_of(code) is Kind.CLINICAL]
    found = [Family(code) for code in known if kind_of(code) in {Kind.ACTIVITY, Kind.PLAIN}]
    return [_clinical(clinical), *found] if clinical else found


def _clinical(codes: list[str]) -> Family:
    """Responses split by instrument, each instrument by band, and all responses by risk.

    Which instrument was offered says nothing of a person; a band or a level of risk does.
    """
    risks = tuple(code for code in codes if code.startswith(RISK_PREFIX))
    details = [code for code in codes if code.startswith(RESPONSE_PREFIX) and code != RESPONSES]
    instruments = tuple(code for code in details if code.count("-") == 1)
    bands = [
        Split(whole, tuple(code for code in details if code.startswith(f"{whole}-")))
        for whole in instruments
    ]
    splits = (Split(RESPONSES, instruments, breakdown=False), *bands, Split(RESPONSES, risks))
    return Family(RESPONSES, splits, frozenset({RISK_OF_CRISIS}))


def telling_cells(counts: Counts, rules: Rules) -> frozenset[Key]:
    """Numbers that single people out beside the number they are a part of."""
    found: set[Key] = set()
    for unit, code in counts.subtree:
        if code in PROPORTIONS.values():
            base = _cell(counts, unit, code)
            parts = [part for part, whole in PROPORTIONS.items() if whole == code]
            found.update(
                (unit, part) for part in parts if is_telling(_cell(counts, unit, part), base, rules)
            )
    return frozenset(found)


def _cell(counts: Counts, unit: str, code: str) -> Cell:
    count = counts.subtree.get((unit, code), Count(0, 0))
    return Cell(count.value, count.people)
