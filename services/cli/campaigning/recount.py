"""What a file of answers must lead to, counted without the scoring engine: a few lines a scale.

The cut-offs are those of the publications (PHQ-9: Kroenke 2001; GAD-7: Spitzer 2006) and the
union's default care policy, which offers a talk from the moderate band and to everybody in crisis.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from services.cli.campaigning.file import Answers


@dataclass(frozen=True, slots=True)
class Scale:
    """Items scored 0 to `highest`, bands by their lowest total, and the item that means crisis."""

    items: int
    highest: int
    bands: tuple[tuple[str, int], ...]
    offer_from: int
    critical: str | None = None


SCALES = {
    "phq9": Scale(
        items=9,
        highest=3,
        bands=(
            ("minimal", 0),
            ("mild", 5),
            ("moderate", 10),
            ("moderately_severe", 15),
            ("severe", 20),
        ),
        offer_from=10,
        critical="q9",
    ),
    "gad7": Scale(
        items=7,
        highest=3,
        bands=(("minimal", 0), ("mild", 5), ("moderate", 10), ("severe", 15)),
        offer_from=10,
    ),
}


@dataclass(slots=True)
class Tally:
    """What a run of answers leads to; the same shape for what was expected, seen and counted."""

    accepted: int = 0
    refused: int = 0
    bands: Counter[str] = field(default_factory=Counter)
    crisis_cases: int = 0
    offers: int = 0


def recount(instrument: str, rows: Iterable[Answers]) -> Tally | None:
    """The tally the file itself gives; None for a scale this page does not know."""
    scale = SCALES.get(instrument)
    if scale is None:
        return None
    tally = Tally()
    for row in rows:
        _count(tally, scale, row)
    return tally


def _count(tally: Tally, scale: Scale, row: Answers) -> None:
    valid = [code for code in row.values() if isinstance(code, int) and 0 <= code <= scale.highest]
    crisis = scale.critical is not None and row.get(scale.critical) in range(1, scale.highest + 1)
    tally.crisis_cases += crisis
    if len(valid) != scale.items or len(row) != scale.items:
        tally.refused += 1
        return
    total = sum(valid)
    tally.accepted += 1
    tally.bands[[name for name, lowest in scale.bands if total >= lowest][-1]] += 1
    tally.offers += crisis or total >= scale.offer_from
