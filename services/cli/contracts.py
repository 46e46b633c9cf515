"""The events as documents: JSON Schema for each, and AsyncAPI 3 for all of them."""

import argparse

from services.contracts.catalogue import EVENTS
from services.contracts.documents import FOLDER, stale, write


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Write, or only check."""
    parser.add_argument("--check", action="store_true", help="1 where a document is out of date")
    parser.add_argument("--list", action="store_true", help="print the events and write nothing")


def run(arguments: argparse.Namespace) -> int:
    """Write what changed."""
    if arguments.list:
        for name, event in sorted(EVENTS.items()):
            print(f"{name:<42}{event.dataclass:<14}{(event.__doc__ or '').splitlines()[0]}")
        return 0
    if arguments.check:
        late = stale()
        print("\n".join(f"out of date: {each}" for each in late) or "The documents are up to date.")
        return 1 if late else 0
    changed = write()
    print("\n".join(f"written: {each}" for each in changed) or f"Nothing changed in {FOLDER}.")
    return 0
