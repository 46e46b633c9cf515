"""What can be read of one indicator: a month's number, or a year's made of months only."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a number comes from."""

    CLOSED = "closed"
    """a frozen monthly edition"""
    LIVE = "live"
    """this moment's counters, after suppression"""
    PENDING = "pending"
    """nothing yet: the month's edition is still to come"""
    UNCOUNTED = "uncounted"
    """no event of the system tells of it yet"""


@dataclass(frozen=True, slots=True)
class Reading:
    """A number, or why there is none."""

    state: State
    value: float | None = None
    suppressed: bool = False


PENDING = Reading(State.PENDING)


def year_of(months: Iterable[Reading]) -> Reading:
    """The sum of the months' published numbers, so that a year tells nothing that they do not.

    One suppressed month suppresses the year: the difference would be that month.
    """
    known = [each for each in months if each.state is not State.PENDING]
    if not known:
        return PENDING
    live = any(each.state is State.LIVE for each in known)
    state = State.LIVE if live else State.CLOSED
    if any(each.suppressed for each in known):
        return Reading(state, suppressed=True)
    return Reading(state, sum(each.value or 0 for each in known))
