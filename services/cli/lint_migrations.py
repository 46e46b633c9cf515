"""Whether the migrations since the last release may run while that release serves."""

import argparse

from services.cli.contracting.released import last_release
from services.cli.errors import CommandFailed
from services.cli.migrationlint.linting import lint
from services.cli.migrationlint.migration import newer_migrations


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def run(_arguments: argparse.Namespace) -> int:
    """1 where one may not."""
    release = last_release()
    if release is None:
        raise CommandFailed("Nothing is released yet: ./huixin contracts --release VERSION.")
    migrations = list(newer_migrations(release.migrations))
    faults = lint(migrations)
    for fault in faults:
        print(fault)
    if not faults:
        print(f"{len(migrations)} migrations since {release.version}: they may run.")
    return 1 if faults else 0
