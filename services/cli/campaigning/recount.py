"""What a file of answers must lead to, counted without the scoring engine: a few lines a scale.

The cut-offs are those of the publications (PHQ-9: Kroenke 2001; GAD-7: Spitzer 2006; work
addiction: Andreassen 2016, a four or a five on four of seven items) and the union's default care
policy, which offers a talk from the moderate band and to everybody in crisis.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from services.cli.campaigning.file import Answers


@dataclass(frozen=True, slots=True)
class Scale:
    """Items scored `lowest` to `highest`, bands by the least that is measured, and the item that
    means crisis. What is measured is the total, or how many items reach `counted_from`.
    """

    items: int
    highest: int
    bands: tuple[tuple[str, int], ...]
    offer_from: int | None = None
    critical: str | None = None
    lowest: int = 0
    counted_from: int | None = None
    indicators: bool = True
    """Whether the statistics have one for each band, as for the scales they know."""

    def measured(self, codes: Sequence[int]) -> int:
        """What the bands are drawn on."""
        if self.counted_from is None:
            return sum(codes)
        return sum(code >= self.counted_from for code in codes)

    def offers(self, measured: int) -> bool:
        """Whether a talk is offered to whoever reaches this."""
        return self.offer_from is not None and measured >= self.offer_from


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
    "bwas": Scale(
        items=7,
        lowest=1,
        highest=5,
        bands=(("below", 0), ("reached", 4)),
        counted_from=4,
        indicators=False,
    ),
}


@dataclass(slots=True)
class Tally:
    """What a run of answers leads to; the same shape for what was expected, seen and counted."""

    accepted: int = 0
    refused: int = 0
    bands: Counter[str] = field(default_factory=Counter)
    totals: int = 0
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
    codes = range(scale.lowest, scale.highest + 1)
    valid = [code for code in row.values() if isinstance(code, int) and code in codes]
    crisis = scale.critical is not None and row.get(scale.critical) in range(1, scale.highest + 1)
    tally.crisis_cases += crisis
    if len(valid) != scale.items or len(row) != scale.items:
        tally.refused += 1
        return
    reached = scale.measured(valid)
    tally.accepted += 1
    tally.totals += sum(valid)
    tally.bands[[name for name, least in scale.bands if reached >= least][-1]] += 1
    tally.offers += crisis or scale.offers(reached)
