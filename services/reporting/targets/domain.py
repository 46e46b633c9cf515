"""A target of a unit's year, and the pace towards it."""

from dataclasses import dataclass
from enum import StrEnum

from services.reporting.figures.kinds import is_duration

MONTHS = 12


class Pace(StrEnum):
    """How a number stands against the share of its target that is due by now."""

    AHEAD = "ahead"
    ON_TRACK = "on-track"
    BEHIND = "behind"
    AT_RISK = "at-risk"


AHEAD_FROM, ON_TRACK_FROM, BEHIND_FROM = 1.1, 0.9, 0.6


@dataclass(frozen=True, slots=True)
class Target:
    """What a unit wants to reach in a year; for a duration: to stay under, each month."""

    unit: str
    year: int
    code: str
    value: float

    def of_month(self) -> float:
        """The part of it that is one month's."""
        return self.value if is_duration(self.code) else round(self.value / MONTHS, 1)


def pace_of(code: str, value: float | None, target: float | None, expected: float) -> Pace | None:
    """The pace, where `expected` is the share (0 to 1) of the period that has gone."""
    if value is None or not target:
        return None
    if is_duration(code):
        return Pace.ON_TRACK if value <= target else Pace.AT_RISK
    due = target * expected
    if value >= round(due * AHEAD_FROM, 9):  # 50 × 1.1 is a little more than 55 in floats
        return Pace.AHEAD if value > due else Pace.ON_TRACK
    if value >= round(due * ON_TRACK_FROM, 9):
        return Pace.ON_TRACK
    return Pace.BEHIND if value >= round(due * BEHIND_FROM, 9) else Pace.AT_RISK
