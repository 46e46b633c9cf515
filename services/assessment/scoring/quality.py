"""Signs that a sheet was clicked through; they never change a score."""

from services.assessment.instruments.definition import Instrument
from services.assessment.scoring.answers import Answers

SECONDS_PER_ITEM = 1
FEWEST_ITEMS = 5


def quality_flags(
    instrument: Instrument, answers: Answers, elapsed_seconds: int | None
) -> tuple[str, ...]:
    """`too-fast`: under a second an item; `straight-line`: always one answer, not the lowest."""
    given = [code for code in answers.values() if code is not None]
    flags = []
    if elapsed_seconds is not None and elapsed_seconds < SECONDS_PER_ITEM * len(given):
        flags.append("too-fast")
    if len(given) >= FEWEST_ITEMS and len(set(given)) == 1 and given[0] != _lowest(instrument):
        flags.append("straight-line")
    return tuple(flags)


def _lowest(instrument: Instrument) -> int:
    return min(option.score for options in instrument.options.values() for option in options)
