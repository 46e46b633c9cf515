"""What a sheet of answers has to come to, counted by a few lines that know no scoring engine."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.cli.campaigning.recount import SCALES

URGENT_FROM, CONCERN_FROM = 15, 5
UNBANDED = "unbanded"


@dataclass(frozen=True, slots=True)
class Expected:
    """Band and risk as the statistics name them; `offered`: from the moderate band, in a crisis,
    and where a critical answer is missing."""

    band: str
    risk: str
    offered: bool


def expected_of(instrument: str, answers: Mapping[str, int | None]) -> Expected:
    """Of a sheet that was accepted."""
    scale = SCALES[instrument]
    if None in answers.values():  # only the critical one is ever skipped here: no score then
        return Expected(UNBANDED, "unknown", offered=True)
    total = sum(code or 0 for code in answers.values())
    band = [name for name, lowest in scale.bands if total >= lowest][-1]
    crisis = scale.critical is not None and bool(answers[scale.critical])
    return Expected(band, _risk(crisis, total), crisis or scale.offers(total))


def _risk(crisis: bool, total: int) -> str:
    if crisis:
        return "crisis"
    return "urgent" if total >= URGENT_FROM else "concern" if total >= CONCERN_FROM else "none"
