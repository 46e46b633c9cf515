"""Which faults a seed leads to, and the short list that touches each kind once."""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.apphost import KEEPERS, SERVICES
from services.contracts.subscriptions import SUBSCRIPTIONS
from tests.faults.harness.city import titles
from tests.faults.harness.plan import Fault

PROCESSES = titles()
WITH_DATA = titles(KEEPERS)
QUEUES = [each.queue for each in SUBSCRIPTIONS]
WAYS = ("killed", "hanging", "cut", "black-hole")
PROBERS = [f"worker{number}" for number in range(481, 501)]
# Twice this is what tokens allow for; more than that and people are refused, as they should be.
SKEW = 4.0
# Below a page's lease (30 s) less the time its attempt may take: beyond that a second attempt is
# what a lease is for, and a copy of the mail is no fault.
LEAP = 12.0
DATABASE_HOLE = 8.0
PAUSE = 12.0

Target = Callable[[random.Random], str]


def _link(dice: random.Random) -> str:
    who = dice.choice([*WITH_DATA, *(f"{name}-*" for name in KEEPERS), "*"])
    return f"{who}>{dice.choice(['amqp', 'amqp', 'database'])}"


def _ingress(dice: random.Random) -> str:
    return f"ingress>{dice.choice(list(SERVICES))}"


def _any_link(dice: random.Random) -> str:
    return _link(dice) if dice.random() < 0.75 else _ingress(dice)


def _one_of(choices: Sequence[str]) -> Target:
    return lambda dice: dice.choice(choices)


def _nothing(_dice: random.Random) -> str:
    return ""


# kind: (weight, target, seconds from, to)
KINDS: Mapping[str, tuple[int, Target, float, float]] = {
    "kill-process": (12, _one_of(PROCESSES), 0.0, 5.0),
    "kill-service": (4, _one_of(list(SERVICES)), 0.0, 3.0),
    "stop-process": (4, _one_of(PROCESSES), 0.0, 2.0),
    "pause-process": (4, _one_of(PROCESSES), 3.0, PAUSE),
    "kill-broker": (4, _nothing, 0.0, 6.0),
    "hang-broker": (3, _nothing, 4.0, 18.0),
    "kill-postgres": (3, _nothing, 0.0, 4.0),
    "greylist-mail": (2, _nothing, 3.0, 10.0),
    "cut-link": (8, _any_link, 1.0, 10.0),
    "black-hole": (6, _any_link, 2.0, DATABASE_HOLE),
    "slow-link": (5, _any_link, 5.0, 20.0),
    "repeat-events": (5, _nothing, 0.0, 0.1),
    "hold-events": (5, _one_of(QUEUES), 3.0, 12.0),
    "plant-unreadable": (2, _one_of(QUEUES), 0.0, 0.1),
    "full-subscriber": (2, _nothing, 10.0, 20.0),
    "move-clock": (4, _one_of(WITH_DATA), 10.0, 30.0),
    "move-database-clock": (3, _one_of(KEEPERS), 15.0, 30.0),
}
GAP = 7.0
PROBE_EVERY, PROBE_SECONDS = 150.0, 20.0
QUIET_AT_THE_END = 10.0


def two_versions() -> list[Fault]:
    """The next version beside this one for some seconds, under load, and back again."""
    return [Fault(at=4.0, kind="roll-out", target="booking assessment", seconds=12.0)]


def plan_faults(seed: int, seconds: float) -> list[Fault]:
    """Every few seconds one; now and then the broker goes while somebody is in a crisis."""
    dice = random.Random(f"faults:{seed}")
    faults: list[Fault] = []
    at, probe, probes = 4.0, PROBE_EVERY / 2, 0
    while at < seconds - QUIET_AT_THE_END:
        if at > probe:
            faults.append(_probe(at, probes))
            probes, probe = probes + 1, probe + PROBE_EVERY
        else:
            faults.append(_fault(dice, round(at, 2)))
        at += dice.expovariate(1 / GAP)
    return faults


def _fault(dice: random.Random, at: float) -> Fault:
    weights = [each[0] for each in KINDS.values()]
    (name,) = dice.choices(list(KINDS), weights=weights)
    _, target, least, most = KINDS[name]
    return Fault(
        at=at,
        kind=name,
        target=target(dice),
        seconds=round(dice.uniform(least, most), 2),
        facts=_facts(name, dice),
    )


def _facts(name: str, dice: random.Random) -> dict[str, Any]:
    match name:
        case "black-hole":
            return {"reset": dice.random() < 0.5}
        case "slow-link":
            return {"delay": round(dice.uniform(0.02, 0.3), 3), "rate": dice.choice([3e4, 2e5])}
        case "repeat-events":
            return {"events": dice.randint(20, 120)}
        case "plant-unreadable":
            return {"messages": dice.randint(1, 4)}
        case "move-clock":
            return {"ahead": round(dice.uniform(-SKEW, SKEW), 2)}
        case "move-database-clock":
            return {"ahead": round(dice.uniform(-LEAP, LEAP), 2)}
        case _:
            return {}


def _probe(at: float, number: int) -> Fault:
    return Fault(
        at=round(at, 2),
        kind="crisis-without-broker",
        target=PROBERS[number % len(PROBERS)],
        seconds=PROBE_SECONDS,
        facts={"how": WAYS[number % len(WAYS)]},
    )


def brief_faults() -> list[Fault]:
    """Each kind once, and each service killed once, close together: a run of half a minute."""
    return [
        Fault(at=1, kind="full-subscriber", seconds=6),
        Fault(at=1, kind="move-clock", target="booking-1", seconds=15, facts={"ahead": 3.5}),
        Fault(at=2, kind="kill-process", target="booking-2"),
        Fault(at=3, kind="cut-link", target="assessment-*>database", seconds=2),
        Fault(at=4, kind="black-hole", target="reporting-*>amqp", seconds=4, facts={"reset": True}),
        Fault(at=5, kind="kill-service", target="notification"),
        Fault(at=7, kind="hold-events", target="booking.response-completed", seconds=3),
        Fault(at=8, kind="slow-link", target="booking-*>database", seconds=5,
              facts={"delay": 0.05, "rate": 2e5}),
        Fault(at=9, kind="move-database-clock", target="booking", seconds=5,
              facts={"ahead": 8.0}),
        Fault(at=10, kind="greylist-mail", seconds=2),
        Fault(at=11, kind="kill-process", target="assessment-2"),
        Fault(at=12, kind="kill-process", target="reporting-1"),
        Fault(at=13, kind="pause-process", target="booking-1", seconds=3),
        Fault(at=14, kind="repeat-events", facts={"events": 60}),
        Fault(at=15, kind="plant-unreadable", target="reporting.ledger", facts={"messages": 2}),
        Fault(at=16, kind="kill-process", target="accounts-1"),
        Fault(at=17, kind="kill-postgres"),
        Fault(at=18, kind="stop-process", target="portal-2"),
        Fault(at=20, kind="crisis-without-broker", target=PROBERS[0], seconds=11,
              facts={"how": "killed"}),
        Fault(at=21, kind="crisis-without-broker", target=PROBERS[1], seconds=11,
              facts={"how": "hanging"}),
    ]  # fmt: skip
