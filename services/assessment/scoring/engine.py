"""Answers in, exact scores and bands out: the same for every instrument, without I/O."""

from dataclasses import dataclass, field
from fractions import Fraction

from services.assessment.instruments.definition import Instrument
from services.assessment.instruments.scores import (
    Band,
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
from services.assessment.scoring.answers import Answers, counted
from services.assessment.scoring.programs import PROGRAMS
from services.assessment.scoring.rounding import exact, round_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """What the answers come to.

    `values` has exact numbers and, for symptom algorithms, codes; None is a score that the
    missing-data rule withholds. `least` says what a withheld sum comes to at the very least.
    """

    values: dict[str, Fraction | str | None] = field(default_factory=dict)
    bands: dict[str, str] = field(default_factory=dict)
    least: dict[str, Fraction] = field(default_factory=dict)
    prorated: tuple[str, ...] = ()


def score(instrument: Instrument, answers: Answers) -> Scoring:
    """Score accepted answers (codes of the instrument's items); skipped items are None or absent.

    Rounding is explicit: half up for prorated sums, per score for linear ones, else none.
    """
    answers = counted(instrument, answers)
    values: dict[str, Fraction | str | None] = {}
    for each in instrument.scores:
        values[each.id] = _value(instrument, each, answers, values)
    gaps = [s for s in instrument.scores if isinstance(s, Sum) and _skipped(s.items, answers)]
    return Scoring(
        values=values,
        bands={s.id: band.code for s in instrument.scores if (band := band_of(s, values[s.id]))},
        least={s.id: _least(instrument, s, answers) for s in gaps if values[s.id] is None},
        prorated=tuple(s.id for s in gaps if values[s.id] is not None),
    )


def band_of(score: Score, value: Fraction | str | None, band_set: str | None = None) -> Band | None:
    """The last band that starts at or below the value, of the set in use or of another one; None
    for what has no number or no bands.
    """
    chosen = band_set or (None if isinstance(score, Cases) else score.band_set)
    if isinstance(score, Cases) or chosen is None or not isinstance(value, Fraction):
        return None
    reached = [band for band in score.band_sets[chosen].bands if exact(band.start) <= value]
    return reached[-1] if reached else None


def _value(
    instrument: Instrument,
    score: Score,
    answers: Answers,
    values: dict[str, Fraction | str | None],
) -> Fraction | str | None:
    match score:
        case Sum():
            return _sum(instrument, score, answers)
        case Mean():
            return _mean(instrument, score, answers)
        case MeanFrom():
            return _mean_from(score, answers)
        case Count():
            return _count(score, answers)
        case Cases():
            return _case(score, answers)
        case Program():
            return PROGRAMS[score.program](answers).get(score.output)
        case _:
            return _made_of(score, values)


def _made_of(
    score: Linear | Total | Ratio, values: dict[str, Fraction | str | None]
) -> Fraction | None:
    """A score that is made of others; none where one of them is none."""
    match score:
        case Linear():
            value = _number(values[score.of])
            if value is None:
                return None
            return round_to(score.rounding, (value - score.minus) * score.times / score.over)
        case Total():
            parts = [part for name in score.of if (part := _number(values[name])) is not None]
            return sum(parts, Fraction(0)) if len(parts) == len(score.of) else None
        case Ratio():
            of, over = _number(values[score.of]), _number(values[score.over])
            return of * score.times / (over * score.per) if of is not None and over else None


def _number(value: Fraction | str | None) -> Fraction | None:
    return value if isinstance(value, Fraction) else None


def _sum(instrument: Instrument, score: Sum, answers: Answers) -> Fraction | None:
    codes = _contributions(instrument, score, answers)
    if codes is None:
        return None
    if len(codes) == len(score.items):
        return Fraction(sum(codes))
    return round_to("half-up", Fraction(sum(codes) * len(score.items), len(codes)))


def _mean(instrument: Instrument, score: Mean, answers: Answers) -> Fraction | None:
    codes = _contributions(instrument, score, answers)
    return None if codes is None else Fraction(sum(codes), len(codes))


def _mean_from(score: MeanFrom, answers: Answers) -> Fraction | None:
    if _skipped(score.items, answers):
        return None
    codes = [_given(answers, link) for link in score.items]
    reached = [code for code in codes if code >= score.at_least]
    return Fraction(sum(reached), len(reached)) if reached else None


def _count(score: Count, answers: Answers) -> Fraction | None:
    if _skipped(score.items, answers):
        return None
    return Fraction(sum(_given(answers, link) >= score.at_least for link in score.items))


def _case(score: Cases, answers: Answers) -> str | None:
    items = {link for case in score.cases for when in case.when for link in when.of}
    if _skipped(tuple(items), answers):
        return None
    for case in score.cases:
        if all(
            sum(_given(answers, link) >= at_least for link, at_least in when.of.items())
            >= when.at_least
            for when in case.when
        ):
            return case.code
    return score.otherwise


def _contributions(instrument: Instrument, score: Sum | Mean, answers: Answers) -> list[int] | None:
    """What each answered item adds, or None where the rule withholds the score."""
    skipped = _skipped(score.items, answers)
    rule = score.missing
    if skipped and (rule is None or len(skipped) > rule.at_most or set(skipped) & set(rule.never)):
        return None
    return [
        _turned(instrument, score, link, _given(answers, link))
        for link in score.items
        if link not in skipped
    ]


def _least(instrument: Instrument, score: Sum, answers: Answers) -> Fraction:
    total = 0
    for link in score.items:
        codes = instrument.codes(link)
        given = answers.get(link)
        if given is not None:
            total += _turned(instrument, score, link, given)
        else:
            total += min(_turned(instrument, score, link, code) for code in codes)
    return Fraction(total)


def _turned(instrument: Instrument, score: Sum | Mean, link_id: str, code: int) -> int:
    if link_id not in score.reverse:
        return code
    codes = instrument.codes(link_id)
    return codes[0] + codes[-1] - code


def _skipped(items: tuple[str, ...], answers: Answers) -> list[str]:
    return [link for link in items if answers.get(link) is None]


def _given(answers: Answers, link_id: str) -> int:
    code = answers[link_id]
    if code is None:
        raise ValueError(link_id)
    return code
