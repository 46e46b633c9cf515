"""Write the rules and dashboards that operations load, out of the definitions in deploy/."""

import argparse
from pathlib import Path

from services.cli.monitoring.files import generated
from services.cli.monitoring.rules import RUNBOOKS

ROOT = Path(__file__).parent.parent.parent.parent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where runbooks are read, and whether to look only."""
    parser.add_argument(
        "--runbooks", default=RUNBOOKS, metavar="URL", help="what runbook addresses begin with"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if files differ")


def run(arguments: argparse.Namespace) -> int:
    """Each file is named with what became of it."""
    differ = 0
    for name, content in generated(ROOT, arguments.runbooks).items():
        path = ROOT / name
        same = path.exists() and path.read_text() == content
        differ += not same
        if not same and not arguments.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        print(f"  {name:<52}{'as it was' if same else 'differs' if arguments.check else 'written'}")
    return 1 if differ and arguments.check else 0
