"""The load model's figures: what is assumed, what was measured, what is planned."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from services.cli.errors import CommandFailed

MODEL = Path(__file__).with_name("model.toml")
GROUPS = ("demand", "costs", "storage", "plan", "prices")
WORKING_HOURS = 3_600.0


@dataclass(frozen=True, slots=True)
class Model:
    """Every figure by its group and name; `model.toml` says what each is."""

    demand: dict[str, float]
    costs: dict[str, float]
    storage: dict[str, float]
    plan: dict[str, float]
    prices: dict[str, float]

    @classmethod
    def load(cls, changes: dict[str, float] | None = None, path: Path = MODEL) -> Self:
        """The model, figures changed by `group.name`; raises CommandFailed for an unknown one."""
        groups = tomllib.loads(path.read_text())
        for name, value in (changes or {}).items():
            group, _, figure = name.partition(".")
            if figure not in groups.get(group, {}):
                known = ", ".join(f"{each}.{key}" for each in GROUPS for key in groups[each])
                raise CommandFailed(f"The model has no figure {name}. It has: {known}.")
            groups[group][figure] = value
        return cls(
            **{name: {key: float(each) for key, each in groups[name].items()} for name in GROUPS}
        )


@dataclass(frozen=True, slots=True)
class Rates:
    """What comes in the busiest hour, each a second, and how much a year."""

    people: int
    answers: float
    crises: float
    offers: float
    bookings: float
    reads: float
    events: float
    answers_year: float
    events_year: float


def rates(people: int, model: Model) -> Rates:
    """The busiest hour of a census day, with the year's other answers spread over its days."""
    demand = model.demand
    census_day = people / demand["campaign_days"]
    other_day = people * (demand["answers_per_person_year"] - 1) / 250
    answers = (census_day + other_day) * demand["busiest_hour"] / WORKING_HOURS
    year = people * demand["answers_per_person_year"]
    offers = answers * demand["offers_per_answer"]
    return Rates(
        people=people,
        answers=answers,
        crises=answers * demand["crises_per_answer"],
        offers=offers,
        bookings=offers * demand["bookings_per_offer"],
        reads=answers * demand["reads_per_answer"],
        events=answers * demand["events_per_answer"],
        answers_year=year,
        events_year=year * demand["events_per_answer"],
    )
