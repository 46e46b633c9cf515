"""Install what the tests need, check the code, and run every test."""

import argparse

from services.cli.assets import ensure_assets
from services.cli.check import static_checks
from services.cli.debian import PROGRAMS, ensure_packages
from services.cli.lanes import run_lanes

# About equally long on two cores: what runs in one process, and what starts many.
LANES = {
    "code": (
        "tests/unit",
        "tests/architecture",
        "tests/contract",
        "tests/component",
        "tests/deployment",
    ),
    "system": (
        "tests/integration",
        "tests/operations",
        "tests/security",
        "tests/faults",
        "tests/e2e",
        "tests/load",
    ),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What follows `--` goes to pytest."""
    parser.add_argument("--no-check", action="store_true", help="run the tests only")
    parser.add_argument("pytest", nargs="*", help="paths or options for pytest, after --")


def run(arguments: argparse.Namespace) -> int:
    """pytest's exit code, or 1 where the checks failed."""
    ensure_packages(PROGRAMS)
    ensure_assets()
    checked = arguments.no_check or static_checks()
    failed = run_lanes({"tests": arguments.pytest} if arguments.pytest else LANES)
    return failed or (0 if checked else 1)
