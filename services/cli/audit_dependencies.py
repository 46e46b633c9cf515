"""Locked dependencies: pinned by hash, under a known licence, without a known vulnerability.

0: all well; 1: something was found; 3: nothing was found, but nobody could be asked about
vulnerabilities (no network, and no --advisories).
"""

import argparse
from pathlib import Path

from services.cli.dependencies.advisories import known_vulnerabilities
from services.cli.dependencies.licences import wrong_licences
from services.cli.dependencies.lock import Pin, read_lock
from services.cli.dependencies.service import ServiceAway, ask_service
from services.cli.steps import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
FOUND, UNASKED = 1, 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whom to ask."""
    parser.add_argument(
        "--advisories",
        type=Path,
        metavar="FOLDER",
        help="OSV records (*.json) of PyPI kept on this machine; nobody else is asked then",
    )
    parser.add_argument("--service", choices=("pypi", "osv"), default="pypi", help="else whom")
    parser.add_argument("locks", type=Path, nargs="*", help="lock files; by default the two here")


def run(arguments: argparse.Namespace) -> int:
    """Look at every lock; say everything that is wrong."""
    locks = arguments.locks or [ROOT / name for name in LOCKS]
    pins = sorted({pin for lock in locks for pin in read_lock(lock)})
    faults = [f"{pin.name}: not pinned by version and hash" for pin in pins if not pin.whole]
    faults += wrong_licences(pins)
    print(f"{len(pins)} dependencies in {len(locks)} lock files.")
    unasked = ""
    try:
        faults += _vulnerabilities(arguments, locks, pins)
    except ServiceAway as away:
        unasked = f"Vulnerabilities were NOT looked up: {away}. Try again, or give --advisories."
    print("\n".join(faults) or "Pins and licences are as they should be.")
    if unasked:
        print(unasked)
    return FOUND if faults else UNASKED if unasked else 0


def _vulnerabilities(
    arguments: argparse.Namespace, locks: list[Path], pins: list[Pin]
) -> list[str]:
    if arguments.advisories:
        return known_vulnerabilities(pins, arguments.advisories)
    return [fault for lock in locks for fault in ask_service(lock, arguments.service)]
