"""Instruments whose method is a program; everything else is data (`instruments/scores.py`)."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from services.assessment.scoring.answers import Answers

Outputs = Mapping[str, Fraction]

DAY_MINUTES = 1440
DISTURBANCES = tuple(f"q5{letter}" for letter in "bcdefghij")
TIMES = ("bedtime", "latency", "risen", "asleep")
RATINGS = ("q5a", *DISTURBANCES, "q6", "q7", "q8", "q9")


def psqi(answers: Answers) -> Outputs:
    """The seven components of the Pittsburgh Sleep Quality Index, each 0 to 3; none where an answer
    is missing (Buysse et al., Psychiatry Res 1989;28:193-213).

    `bedtime` and `risen` are minutes of the day, `latency` and `asleep` minutes. The edges are the
    paper's: 7 hours are in the second class (the university's own program has them in the first),
    and efficiency has no gap between its classes. Going to bed and rising at the same minute is a
    night of 24 hours.
    """
    given = {name: answers.get(name) for name in (*TIMES, *RATINGS)}
    known = {name: code for name, code in given.items() if code is not None}
    if len(known) < len(given):
        return {}
    in_bed = (known["risen"] - known["bedtime"]) % DAY_MINUTES or DAY_MINUTES
    efficiency = Fraction(known["asleep"] * 100, in_bed)
    disturbed = sum(known[name] for name in DISTURBANCES)
    components = {
        "quality": known["q6"],
        "latency": _halves(_above(known["latency"], 15, 30, 60) + known["q5a"]),
        "duration": 3 - _above(known["asleep"], 299, 359, 420),
        "efficiency": 3 - sum(efficiency >= edge for edge in (65, 75, 85)),
        "disturbance": -(-disturbed // 9),
        "medicine": known["q7"],
        "daytime": _halves(known["q8"] + known["q9"]),
    }
    return {name: Fraction(value) for name, value in components.items()}


def _above(value: int, *edges: int) -> int:
    return sum(value > edge for edge in edges)


def _halves(points: int) -> int:
    """0, 1-2, 3-4, 5-6 → 0, 1, 2, 3."""
    return -(-points // 2)


PROGRAMS: Mapping[str, Callable[[Answers], Outputs]] = {"psqi": psqi}
