"""Look for keys, tokens and passwords in the tracked files, or in every commit there ever was.

What looks like one and is none stands, with the reason, in services/cli/secretscan/known.toml.
"""

import argparse
from pathlib import Path

from services.cli.secretscan.finding import Finding
from services.cli.secretscan.known import KNOWN, read_known
from services.cli.secretscan.sources import added_in_history, tracked_files
from services.cli.steps import ROOT


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to look."""
    parser.add_argument("--history", action="store_true", help="every line any commit ever added")
    parser.add_argument("--folder", type=Path, default=ROOT, help="another repository")
    parser.add_argument("--known", type=Path, default=KNOWN, help="what is no secret, and why")


def run(arguments: argparse.Namespace) -> int:
    """1 where anything is found that the list does not explain."""
    from services.cli.secretscan.detecting import secrets_in

    known = read_known(arguments.known)
    source = added_in_history if arguments.history else tracked_files
    found: set[Finding] = set()
    for path, lines in source(arguments.folder):
        found |= {each for each in secrets_in(path, lines) if not known.explains(each)}
    for each in sorted(found):
        print(each)
    print(f"{len(found)} to look at." if found else "Nothing that looks like a secret.")
    return 1 if found else 0
