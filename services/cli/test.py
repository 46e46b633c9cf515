"""Install what the tests need, check the code, and run every test."""

import argparse
import os
import subprocess

from services.cli.assets import ensure_assets
from services.cli.check import static_checks
from services.cli.debian import PROGRAMS, ensure_packages
from services.cli.steps import ROOT, python


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What follows `--` goes to pytest."""
    parser.add_argument("--no-check", action="store_true", help="run the tests only")
    parser.add_argument("pytest", nargs="*", help="paths or options for pytest, after --")


def run(arguments: argparse.Namespace) -> int:
    """pytest's exit code, or 1 where the checks failed."""
    ensure_packages(PROGRAMS)
    ensure_assets()
    checked = arguments.no_check or static_checks()
    finished = subprocess.run(
        python("-m", "pytest", *arguments.pytest),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    return finished.returncode or (0 if checked else 1)
