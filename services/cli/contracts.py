"""The contracts: events and routes as documents, what was released of them, and who it binds.

`./huixin contracts` writes JSON Schemas, AsyncAPI 3, OpenAPI 3.1 and the catalogue of events.
"""

import argparse

from services.contracts.catalogue import EVENTS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Write, or only look."""
    parser.add_argument(
        "--check", action="store_true", help="1 where a document is late or a promise broken"
    )
    parser.add_argument("--list", action="store_true", help="print the events and write nothing")
    parser.add_argument("--release", metavar="VERSION", help="keep them as they are, as promised")


def run(arguments: argparse.Namespace) -> int:
    """Write what changed, unless asked for something else."""
    if arguments.list:
        return _list()
    if arguments.check:
        return _check()
    return _release(arguments.release) if arguments.release else _write()


def _list() -> int:
    for name, event in sorted(EVENTS.items()):
        print(f"{name:<42}{event.dataclass:<14}{(event.__doc__ or '').splitlines()[0]}")
    return 0


def _check() -> int:
    from services.cli.contracting.documents import stale
    from services.cli.contracting.promises import broken_promises

    broken = broken_promises()
    for each in broken:
        print(each)
    late = stale()
    for name in late:
        print(f"out of date: {name} (./huixin contracts writes it)")
    if not (late or broken):
        print("The documents are up to date, and no promise is broken.")
    return 1 if late or broken else 0


def _write() -> int:
    from services.cli.contracting.documents import FOLDER, write

    changed = write()
    print("\n".join(f"written: {each}" for each in changed) or f"Nothing changed in {FOLDER}.")
    return 0


def _release(version: str) -> int:
    from services.cli.contracting.documents import FOLDER, write
    from services.cli.contracting.promises import broken_promises
    from services.cli.contracting.released import release
    from services.cli.errors import CommandFailed

    write()
    broken = [str(each) for each in broken_promises()]
    if broken:
        raise CommandFailed("\n".join(broken))
    made = release(version, FOLDER)
    write()
    print(f"Released as {made.version}: {len(made.events)} events, {len(made.routes)} services.")
    return 0
