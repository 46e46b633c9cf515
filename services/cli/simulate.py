"""How large a deployment a number of people needs, and how long they wait in its busiest hour.

Demand is assumed, costs are measured (`services/cli/sizing/model.toml`); the busiest hour of a
census day is then played through, answer by answer.
"""

import argparse
import json
from dataclasses import asdict

from services.cli.errors import CommandFailed
from services.cli.progress import bar
from services.cli.sizing.model import Model, rates
from services.cli.sizing.plan import busy_seconds, plan_for
from services.cli.sizing.queues import play, stages_of
from services.cli.sizing.report import report

SIZES = {"city": 1_000_000, "province": 10_000_000, "nation": 300_000_000}
MOST_ANSWERS = 400_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which sizes, and which figures of the model are other."""
    parser.add_argument(
        "--people", type=int, help="one size; by default a city, a province, the nation"
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="GROUP.NAME=VALUE",
        help="another figure of the model, e.g. demand.campaign_days=10",
    )
    parser.add_argument("--minutes", type=float, default=60.0, help="how long an hour is played")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="everything, for programs")


def run(arguments: argparse.Namespace) -> int:
    """A table, or JSON."""
    model = Model.load(dict(map(_change, arguments.set)))
    sizes = SIZES if arguments.people is None else {"asked": arguments.people}
    if min(sizes.values()) < 1 or arguments.minutes <= 0:
        raise CommandFailed("expected a positive number of people, and of minutes")
    found = [
        _simulated(name, people, model, arguments.minutes * 60, arguments.seed)
        for name, people in sizes.items()
    ]
    print(json.dumps(found, indent=2) if arguments.json else report(found))
    return 0


def _simulated(
    name: str, people: int, model: Model, seconds: float, seed: int
) -> dict[str, object]:
    hour = rates(people, model)
    plan = plan_for(hour, model)
    one_region = hour.answers / plan.regions
    stages = stages_of(hour, plan, model, busy_seconds(hour, model))
    seconds = min(seconds, MOST_ANSWERS / one_region)
    with bar(len(stages), name, "stages", keep=False) as progress:
        played = play(one_region, seconds, stages, seed, lambda _count: progress.update(1))
    return {
        "name": name,
        "rates": asdict(hour),
        "plan": {**asdict(plan), "cores": plan.cores},
        "played": asdict(played),
    }


def _change(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError:
        raise CommandFailed(f"expected GROUP.NAME=NUMBER, not «{text}»") from None
