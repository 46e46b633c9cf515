"""Say what is wrong with a running system and what to do about it; 0 when all is well.

It looks from where it stands: at the system of a data folder (`--data`, or a running demo or up),
or at the one the environment describes. It changes nothing and shows nothing about any person.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from services.cli.doctoring.broker import look_at_broker
from services.cli.doctoring.crisis import look_at_crisis
from services.cli.doctoring.databases import look_at_databases
from services.cli.doctoring.files import look_at_files
from services.cli.doctoring.finding import Finding, Severity
from services.cli.doctoring.mail import look_at_mail
from services.cli.doctoring.processes import look_at_processes
from services.cli.doctoring.system import System
from services.cli.environ import local_settings
from services.cli.errors import CommandFailed
from services.cli.local.datafolder import default_data_folder

LOOKS: Sequence[Callable[[System], Iterator[Finding]]] = (
    look_at_processes,
    look_at_databases,
    look_at_broker,
    look_at_crisis,
    look_at_mail,
    look_at_files,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which system, and for whom the report is."""
    parser.add_argument("--data", type=Path, help="the data folder of a running demo or up")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, ok ones too")
    parser.add_argument("--all", action="store_true", help="say also what is in order")


def run(arguments: argparse.Namespace) -> int:
    """1 where something has to be done."""
    system = System(_folder(arguments.data))
    wrong = looked = 0
    for look in LOOKS:
        for finding in look(system):
            looked, wrong = looked + 1, wrong + finding.wrong
            if arguments.json:
                print(json.dumps(finding.document(), ensure_ascii=False), flush=True)
            elif arguments.all or finding.severity > Severity.OK:
                print(finding.line(), flush=True)
    if not arguments.json:
        print(f"{looked} things looked at, {wrong or 'none'} wrong.")
    return 1 if wrong else 0


def _folder(given: Path | None) -> Path | None:
    """The one that was named, else that of a running system of this machine, if there is one."""
    if given is not None:
        folder = given.resolve()
        if not local_settings(folder):
            raise CommandFailed(f"No system runs in {folder} (./huixin up or demo writes there).")
        return folder
    folders = (default_data_folder() / name for name in ("up", "demo"))
    return next((folder for folder in folders if local_settings(folder)), None)
