"""From answers to care: scores, level 0 to 4 and risk, by the rules of the policy."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from services.assessment.care.definition import CarePolicy, Rule
from services.assessment.instruments.definition import Critical, Instrument
from services.assessment.scoring.answers import Answers, counted, is_code
from services.assessment.scoring.engine import Scoring, score
from services.assessment.scoring.rounding import exact
from services.contracts.assessment import Risk


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What a sheet of answers comes to; `rules` are the policy rules that called for care."""

    scoring: Scoring
    band: str | None
    risk: Risk
    care_level: int
    rules: tuple[str, ...]
    flags: tuple[str, ...]
    unknown: tuple[str, ...]


def assess(instrument: Instrument, policy: CarePolicy, answers: Answers) -> Assessment:
    """Score accepted answers and apply the policy: the highest of all rules wins.

    A missing critical item, or a main score that is withheld, is `unknown` and never `none`.
    """
    scoring = score(instrument, answers)
    flags = crisis_flags(instrument, policy, answers)
    unknown = _unknown(instrument, policy, answers, scoring)
    reached = _reached(instrument, policy, answers, scoring)
    level = _together(policy, reached)
    rules = tuple(rule for rule, at in reached.items() if at > 0)
    if policy.review is not None and (looks := _reviews(instrument, policy, answers)):
        level = max(level, policy.review.care_level)
        rules += tuple(f"review:{flag}" for flag in looks)
    if flags:
        level, risk = max(level, policy.crisis.care_level), Risk.CRISIS
        rules += tuple(f"crisis:{flag}" for flag in flags)
    elif unknown:
        level, risk = max(level, policy.unknown.care_level), Risk.UNKNOWN
        rules += tuple(f"unknown:{what}" for what in unknown)
    else:
        risk = policy.levels[level].risk
    return Assessment(
        scoring=scoring,
        band=scoring.bands.get(instrument.main) if instrument.main else None,
        risk=Risk(risk),
        care_level=level,
        rules=rules,
        flags=flags,
        unknown=unknown,
    )


def crisis_flags(
    instrument: Instrument, policy: CarePolicy, answers: Mapping[str, object]
) -> tuple[str, ...]:
    """The crisis flags that these answers raise; anything that is no valid answer raises none."""
    return _raised(instrument, policy.crisis.flags, answers)


def critical_answers(
    instrument: Instrument, policy: CarePolicy, answers: Mapping[str, object]
) -> tuple[tuple[Critical, int], ...]:
    """The answers that by themselves raise a crisis flag.

    Made to be asked of any body at any time: refused ones and half-filled sheets as well.
    """
    return _found(instrument, policy.crisis.flags, answers)


def _reviews(
    instrument: Instrument, policy: CarePolicy, answers: Mapping[str, object]
) -> tuple[str, ...]:
    return _raised(instrument, policy.reviewed, answers)


def _raised(
    instrument: Instrument, flags: Collection[str], answers: Mapping[str, object]
) -> tuple[str, ...]:
    found = _found(instrument, flags, answers)
    return tuple(dict.fromkeys(critical.flag for critical, _ in found))


def _found(
    instrument: Instrument, flags: Collection[str], answers: Mapping[str, object]
) -> tuple[tuple[Critical, int], ...]:
    found: list[tuple[Critical, int]] = []
    for critical in instrument.critical:
        answer = answers.get(critical.item)
        if critical.flag not in flags or not is_code(instrument, critical.item, answer):
            continue
        if isinstance(answer, int) and answer >= critical.at_least:
            found.append((critical, answer))
    return tuple(found)


def _unknown(
    instrument: Instrument, policy: CarePolicy, answers: Answers, scoring: Scoring
) -> tuple[str, ...]:
    known = counted(instrument, answers)
    items = [
        critical.item
        for critical in instrument.critical
        if critical.flag in policy.crisis.flags and known.get(critical.item) is None
    ]
    main = instrument.main
    if main is not None and scoring.values[main] is None:
        items.append(main)
    return tuple(items)


def _reached(
    instrument: Instrument, policy: CarePolicy, answers: Answers, scoring: Scoring
) -> dict[str, int]:
    """The level each rule calls for; a withheld sum counts as the least it can come to."""
    reached: dict[str, int] = {}
    for rule in policy.rules:
        if rule.instrument != instrument.id:
            continue
        value = _measured(rule, answers, scoring)
        if value is not None:
            steps = [step.level for step in rule.steps if exact(step.start) <= value]
            reached[rule.id] = max(steps, default=0)
    return reached


def _measured(rule: Rule, answers: Answers, scoring: Scoring) -> Fraction | None:
    if rule.item is not None:
        code = answers.get(rule.item)
        return None if code is None else Fraction(code)
    value = scoring.values.get(rule.score or "")
    if isinstance(value, Fraction):
        return value
    return scoring.least.get(rule.score or "")


def _together(policy: CarePolicy, reached: Mapping[str, int]) -> int:
    highest = max(reached.values(), default=0)
    several = policy.several_factors
    if several is None:
        return highest
    counted = sum(level >= several.counted_from for level in reached.values())
    if counted < several.rules:
        return highest
    return max(highest, min(highest + several.raise_by, several.up_to))
