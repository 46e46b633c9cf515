"""Run the whole system apart under load and faults: `./huixin faults` calls this."""

import argparse
import random
import shutil
import signal
import sys
import tempfile
import warnings
from pathlib import Path

from tests.faults.harness.faults.planning import brief_faults, plan_faults, two_versions
from tests.faults.harness.load.planning import plan_deeds
from tests.faults.harness.plan import Plan
from tests.faults.harness.report import Teller, told, write_summary
from tests.faults.harness.run import Run

BRIEF_SECONDS = 30.0
VERSIONS_SECONDS, VERSIONS_RATE = 45.0, 8.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How long, which seed, where the summary goes."""
    parser.add_argument("--minutes", type=float, default=5.0, help="of load and faults (default 5)")
    parser.add_argument("--seed", type=int, help="repeat a plan; without it a new one is drawn")
    parser.add_argument("--rate", type=float, default=5.0, help="deeds a second (default 5)")
    parser.add_argument("--brief", action="store_true", help="each kind of fault once, in 30 s")
    parser.add_argument(
        "--versions", action="store_true", help="the next version is rolled out, and back again"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the summary there")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep plan, diary, logs there")


def main() -> int:
    """0 when every invariant held."""
    parser = argparse.ArgumentParser("./huixin faults", description=__doc__)
    add_arguments(parser)
    given = parser.parse_args()
    warnings.filterwarnings("ignore")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    plan = plan_versions(seed) if given.versions else None
    plan = plan or make_plan(seed, given.minutes * 60, given.rate, brief=given.brief)
    folder = Path(tempfile.mkdtemp(prefix="huixin-faults-"))
    folder.chmod(0o755)
    teller = Teller()
    teller.say(f"seed {seed}: {len(plan.deeds)} deeds and {len(plan.faults)} faults")
    held = False
    try:
        outcome = Run(plan, folder, teller.say, teller.tell).run()
        held = outcome.held
        teller.say(told(outcome, given.keep or folder))
        if given.json:
            write_summary(outcome, given.json)
    finally:
        _put_away(folder, given.keep, held=held)
    return 0 if held else 1


def make_plan(seed: int, seconds: float, rate: float, *, brief: bool = False) -> Plan:
    """The same for the same arguments."""
    if brief:
        deeds = plan_deeds(seed, BRIEF_SECONDS, rate)
        return Plan(seed=seed, seconds=BRIEF_SECONDS, faults=brief_faults(), deeds=deeds)
    return Plan(
        seed=seed,
        seconds=seconds,
        faults=plan_faults(seed, seconds),
        deeds=plan_deeds(seed, seconds, rate),
    )


def plan_versions(seed: int) -> Plan:
    """Nothing breaks: a new version comes, and goes."""
    seconds = VERSIONS_SECONDS
    deeds = plan_deeds(seed, seconds, VERSIONS_RATE)
    return Plan(seed=seed, seconds=seconds, faults=two_versions(), deeds=deeds)


def _put_away(folder: Path, keep: Path | None, *, held: bool) -> None:
    """What a person would read is kept where asked, or where something broke; never databases."""
    for name in ("postgres", "postgresql-18", "rabbitmq/data"):
        shutil.rmtree(folder / name, ignore_errors=True)
    if keep:
        shutil.copytree(folder, keep, dirs_exist_ok=True)
    if keep or held:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
