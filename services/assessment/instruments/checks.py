"""What a definition has to hold besides its shape: names that exist, bands in order."""

from collections.abc import Iterator

from services.assessment.instruments.definition import Instrument
from services.assessment.instruments.scores import (
    Banded,
    Cases,
    Count,
    Linear,
    Mean,
    MeanFrom,
    Program,
    Ratio,
    Score,
    Sum,
    Total,
)
from services.assessment.scoring.programs import RATINGS, TIMES
from services.assessment.scoring.rounding import exact


class InvalidInstrument(ValueError):
    """A definition contradicts itself; nothing may be measured with it."""


def check(instrument: Instrument) -> None:
    """Raise InvalidInstrument naming every contradiction at once."""
    faults = [
        *_duplicates(instrument),
        *_items(instrument),
        *_words(instrument),
        *_scores(instrument),
        *_skips(instrument),
        *_norms(instrument),
        *_critical(instrument),
    ]
    if faults:
        raise InvalidInstrument(f"{instrument.id}: " + "; ".join(faults))


def _duplicates(instrument: Instrument) -> Iterator[str]:
    for what, names in (
        ("item", [item.link_id for item in instrument.items]),
        ("score", [score.id for score in instrument.scores]),
    ):
        yield from (f"{what} {name} twice" for name in sorted(set(names)) if names.count(name) > 1)
    for name, options in instrument.options.items():
        codes = [option.score for option in options]
        if not codes or len(set(codes)) != len(codes):
            yield f"options {name} are empty or share a code"


def _items(instrument: Instrument) -> Iterator[str]:
    for item in instrument.items:
        if (item.options is None) == (item.number is None):
            yield f"{item.link_id} needs either options or a number"
        if item.options is not None and item.options not in instrument.options:
            yield f"{item.link_id} uses unknown options {item.options}"
        if item.absent is not None and item.absent not in instrument.codes(item.link_id):
            yield f"{item.link_id} counts as {item.absent} when absent, which is none of its codes"


def _words(instrument: Instrument) -> Iterator[str]:
    ship = instrument.licence.ship
    if ship == "imported" and not instrument.languages:
        yield "no language has words for every question that has to be asked, and its answers"
    for item in instrument.items:
        if ship == "scoring-only" and item.text is not None:
            yield f"{item.link_id} has wording that may not ship"
        if ship == "text" and item.text is None:
            yield f"{item.link_id} has no wording"


def _scores(instrument: Instrument) -> Iterator[str]:
    known = {item.link_id for item in instrument.items}
    before: set[str] = set()
    for score in instrument.scores:
        for link in sorted(_links(score) - known):
            yield f"{score.id} names unknown item {link}"
        for part in sorted(_parts(score) - before):
            yield f"{score.id} is made of {part}, which does not stand before it"
        if not isinstance(score, Cases):
            yield from _bands(score)
        before.add(score.id)
    if instrument.main is not None and instrument.main_score is None:
        yield f"main score {instrument.main} does not exist or has no number"


def _links(score: Score) -> set[str]:
    match score:
        case Sum() | Mean():
            never = score.missing.never if score.missing else ()
            return {*score.items, *score.reverse, *never}
        case Count() | MeanFrom():
            return set(score.items)
        case Cases():
            return {link for case in score.cases for when in case.when for link in when.of}
        case Program():
            return {*TIMES, *RATINGS}
        case _:
            return set()


def _parts(score: Score) -> set[str]:
    match score:
        case Linear():
            return {score.of}
        case Total():
            return set(score.of)
        case Ratio():
            return {score.of, score.over}
        case _:
            return set()


def _skips(instrument: Instrument) -> Iterator[str]:
    for skip in instrument.skips:
        for link_id, code in (*skip.when.items(), *skip.sets.items()):
            if code not in instrument.codes(link_id):
                yield f"a skip rule says {link_id} is {code}, which is none of its codes"


def _norms(instrument: Instrument) -> Iterator[str]:
    known = {score.id for score in instrument.scores}
    for name, norm in instrument.norms.items():
        for score in sorted(set(norm.values) - known):
            yield f"norm {name} names unknown score {score}"


def _bands(score: Banded) -> Iterator[str]:
    if score.band_set is not None and score.band_set not in score.band_sets:
        yield f"{score.id} uses unknown band set {score.band_set}"
    for name, found in score.band_sets.items():
        starts = [exact(band.start) for band in found.bands]
        if not starts or starts[0] != exact(score.range[0]):
            yield f"band set {name} of {score.id} does not start where the score does"
        if starts != sorted(set(starts)) or (starts and starts[-1] > exact(score.range[1])):
            yield f"band set {name} of {score.id} is out of order or out of range"


def _critical(instrument: Instrument) -> Iterator[str]:
    for critical in instrument.critical:
        codes = instrument.codes(critical.item)
        if not codes or not codes[0] < critical.at_least <= codes[-1]:
            yield f"critical item {critical.item} does not exist or can never, or always, be met"
