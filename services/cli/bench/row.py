"""What a row of the bench is: contestants that take turns, and the goals of their ratios."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from services.cli.bench.ground import Ground

OURS, LIMIT, TARGET = "ours", "limit", "target"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one contestant did in one round."""

    # In the row's unit.
    value: float
    # Processor time of the contestant's own process(es), microseconds an operation.
    cpu_us: float | None = None
    # Anything else worth keeping: p50, p99, operations, …; the median of the rounds is reported.
    notes: Mapping[str, float] = field(default_factory=dict)


# Runs for a few seconds and tells what it did; called once a round.
Contestant = Callable[[], Reading]
# Starts what all rounds of a row need and yields its contestants by name, "ours" among them.
Contest = Callable[["Ground"], AbstractContextManager[Mapping[str, Contestant]]]


@dataclass(frozen=True, slots=True)
class Goal:
    """How many times `against` is to be reached at least."""

    against: str
    ratio: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. The first goal gives the row's ratio; all of them must be met.

    With `target` less is better (seconds, MB): the ratio is target ÷ ours, its goal 1.
    """

    name: str
    what: str
    unit: str
    goals: tuple[Goal, ...]
    contest: Contest
    # What the contestant called "limit" is, in a few words.
    limit: str = ""
    target: float | None = None

    def ratio(self, goal: Goal, values: Mapping[str, float]) -> float:
        """Ours against the goal's other side within one round."""
        if goal.against == TARGET:
            if self.target is None:
                raise ValueError(f"{self.name} has no target")
            return self.target / values[OURS]
        return values[OURS] / values[goal.against]


class AtMost(TypedDict):
    """The arguments of a row whose figure shall not exceed its target."""

    goals: tuple[Goal, ...]
    target: float


def at_most(target: float) -> AtMost:
    """For `Row(…, **at_most(10.0))`."""
    return {"goals": (Goal(TARGET, 1.0),), "target": target}
