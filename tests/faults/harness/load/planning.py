"""Which deeds a seed leads to: who does what, when, with which answers."""

import random
from collections.abc import Iterator, Mapping
from typing import Any

from services.cli.demo_city.city import workers
from tests.faults.harness.people import OFFICERS
from tests.faults.harness.plan import Deed

DEEDS: Mapping[str, int] = {
    "answer": 30,
    "accept": 16,
    "book": 10,
    "cancel": 8,
    "officer": 12,
    "read": 6,
    "decline": 5,
    "move": 4,
    "repeat": 4,
    "arrive": 3,
    "help": 2,
    "page": 2,
    "rush": 2,
}
RUSHING = 8
ITEMS = {"phq9": 9, "gad7": 7}
CRITICAL, SKIPPED, MISTAKEN = 0.07, 0.03, 0.03
# Nobody of these does anything else: they answer while the broker is away.
RESERVED = 20


def plan_deeds(seed: int, seconds: float, rate: float) -> list[Deed]:
    """About `rate` deeds a second, at random moments."""
    dice = random.Random(f"deeds:{seed}")
    most = min(480, round(30 + seconds * rate / 6))
    logins = [each.login for each in workers()[:most]]
    return list(_deeds(dice, seconds, rate, logins))


def _deeds(dice: random.Random, seconds: float, rate: float, logins: list[str]) -> Iterator[Deed]:
    at = 0.0
    while (at := at + dice.expovariate(rate)) < seconds:
        (what,) = dice.choices(list(DEEDS), weights=list(DEEDS.values()))
        who = dice.choice(OFFICERS) if what == "officer" else dice.choice(logins)
        facts: dict[str, Any] = {"gateway": dice.random() < 0.3}
        if what == "answer":
            facts |= _sheet(dice)
        elif what == "rush":
            facts["others"] = dice.sample(logins, RUSHING)
        elif what == "help":
            facts["phone"] = f"138{dice.randrange(10**8):08}"
        yield Deed(at=round(at, 3), what=what, who=who, dice=round(dice.random(), 6), facts=facts)


def _sheet(dice: random.Random) -> dict[str, Any]:
    """A sheet of answers from nothing to severe; a few critical, unfinished or mistaken ones."""
    (instrument,) = dice.choices(list(ITEMS), weights=(7, 3))
    level = dice.random()
    answers: dict[str, int | None] = {
        f"q{number}": min(3, max(0, round(dice.gauss(3 * level, 0.6))))
        for number in range(1, ITEMS[instrument] + 1)
    }
    if instrument == "phq9":
        chance = dice.random()
        answers["q9"] = dice.randint(1, 3) if chance < CRITICAL else 0
        if CRITICAL < chance < CRITICAL + SKIPPED:
            answers["q9"] = None
    if dice.random() < MISTAKEN:
        answers["q2"] = 7
    return {"instrument": instrument, "answers": answers}
