"""The busiest hour, played through: each answer waits for a free process at every stage.

Arrivals are Poisson, service times exponential around what was measured, each stage first come
first served by its processes; what leaves one stage arrives at the next. That is more pessimistic
than the system, whose work varies less, and says nothing of networks.
"""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from services.cli.bench.statistics import percentile
from services.cli.sizing.model import Model, Rates
from services.cli.sizing.plan import Plan


@dataclass(frozen=True, slots=True)
class Stage:
    """One service's part of the loop; `load` is the part of its time that other work takes, and
    `share` the part of what the stage before did that comes here.
    """

    name: str
    processes: int
    seconds: float
    load: float
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Played:
    """Seconds from an answer's arrival to the end of each stage, and the whole."""

    answers: int
    waits: dict[str, tuple[float, float]]
    whole: tuple[float, float]


def stages_of(rates: Rates, plan: Plan, model: Model, busy: dict[str, float]) -> list[Stage]:
    """Answer, offer, message; one region's processes."""
    costs = model.costs
    offered = model.demand["offers_per_answer"]
    parts = {
        "assessment": (1.0, costs["answer"] + costs["answer_in_database"]),
        "booking": (offered, costs["event"] * 4 + costs["event_in_database"]),
        "notification": (1.0, costs["event"] + costs["message"]),
    }
    found, arrivals = [], rates.answers / plan.regions
    for name, (share, seconds) in parts.items():
        processes = plan.replicas[name] // plan.regions
        arrivals *= share
        other = busy[name] / plan.regions / processes - arrivals * seconds / processes
        found.append(Stage(name, processes, seconds, min(0.9, max(0.0, other)), share))
    return found


def play(
    arrivals: float,
    seconds: float,
    stages: Sequence[Stage],
    seed: int,
    heard: Callable[[int], object] = lambda _count: None,
) -> Played:
    """Play so many seconds of arrivals (each a second); the same seed plays the same hour."""
    rng = Random(seed)  # a simulation
    moments = _arrivals(arrivals, seconds, rng)
    started, waits = list(moments), {}
    for stage in stages:
        chosen = [place for place in range(len(moments)) if rng.random() < stage.share] or [0]
        moments = [moments[place] for place in chosen]
        ends = _through(stage, moments, rng)
        spent = [end - moment for end, moment in zip(ends, moments, strict=True)]
        waits[stage.name] = (percentile(spent, 0.5), percentile(spent, 0.99))
        heard(len(ends))
        order = sorted(range(len(ends)), key=ends.__getitem__)
        started = [started[chosen[place]] for place in order]
        moments = [ends[place] for place in order]
    whole = [end - begin for end, begin in zip(moments, started, strict=True)]
    return Played(len(whole), waits, (percentile(whole, 0.5), percentile(whole, 0.99)))


def _arrivals(rate: float, seconds: float, rng: Random) -> list[float]:
    found: list[float] = []
    now = rng.expovariate(rate)
    while now < seconds or not found:
        found.append(now)
        now += rng.expovariate(rate)
    return found


def _through(stage: Stage, moments: Sequence[float], rng: Random) -> list[float]:
    """When each is done. Other work takes its part by making every service that much longer."""
    free = [0.0] * stage.processes
    mean = stage.seconds / (1 - stage.load)
    ends = []
    for moment in moments:
        begins = max(moment, heapq.heappop(free))
        ends.append(begins + rng.expovariate(1 / mean))
        heapq.heappush(free, ends[-1])
    return ends
