"""Run the whole system apart, two processes of each service, under load and faults drawn from a
seed, and check what must hold whatever happens. Ctrl-C mends everything and checks what happened so
far; the same seed repeats a run."""

import argparse
import signal
import subprocess

from services.cli.assets import ensure_assets
from services.cli.debian import ensure_packages
from services.cli.steps import ROOT, python


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How long, which seed, where the summary goes."""
    parser.add_argument("--minutes", default="5", metavar="M", help="of load and faults (5)")
    parser.add_argument("--seed", metavar="N", help="repeat a run; a new one is drawn without it")
    parser.add_argument("--rate", default="5", metavar="R", help="what people do, a second (5)")
    parser.add_argument("--brief", action="store_true", help="each kind of fault once, in seconds")
    parser.add_argument("--versions", action="store_true", help="a new version comes and goes")
    parser.add_argument("--json", metavar="FILE", help="write the summary there")
    parser.add_argument("--keep", metavar="FOLDER", help="keep plan, diary and logs there")


def run(arguments: argparse.Namespace) -> int:
    """0 when every invariant held; the harness is part of the tests, so a checkout is needed."""
    ensure_packages(["rabbitmq-server"])
    ensure_assets()
    words = [f"--minutes={arguments.minutes}", f"--rate={arguments.rate}"]
    words += [f"--{name}" for name in ("brief", "versions") if getattr(arguments, name)]
    for name in ("seed", "json", "keep"):
        if (value := getattr(arguments, name)) is not None:
            words.append(f"--{name}={value}")
    command = python("-m", "tests.faults", *words)
    harness = subprocess.Popen(command, cwd=ROOT)
    while True:
        try:
            return harness.wait()
        except KeyboardInterrupt:
            # The harness has heard it too: it mends, checks and reports before it ends.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
