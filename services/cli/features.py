"""What the source documents ask for, and the route, event, page or command that carries each."""

import argparse
import json
from collections import Counter
from dataclasses import asdict

from services.cli.functions.table import Function, functions

STATES = ("works", "partly", "absent")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which rows, and how."""
    parser.add_argument("--state", choices=STATES, help="only functions in this state")
    parser.add_argument("--owner", help="only functions this service has a part in")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(arguments: argparse.Namespace) -> int:
    """Print the table."""
    rows = [each for each in functions() if _wanted(each, arguments)]
    if arguments.json:
        documents = [{**asdict(row), "state": row.state} for row in rows]
        print(json.dumps(documents, ensure_ascii=False, indent=2))
        return 0
    for row in rows:
        print("\n".join(_lines(row)))
    counts = Counter(row.state for row in rows)
    print(f"\n{len(rows)} functions: " + ", ".join(f"{counts[each]} {each}" for each in STATES))
    return 0


def _wanted(row: Function, arguments: argparse.Namespace) -> bool:
    right_state = arguments.state in (None, row.state)
    return right_state and (arguments.owner is None or arguments.owner in row.owners)


def _lines(row: Function) -> list[str]:
    head = f"{row.number:>3}  {row.state:<7} {row.title}  [{row.source}; {', '.join(row.owners)}]"
    details = [
        row.text,
        *(f"by    {name}" for name in row.carries),
        *(f"shown {name}" for name in row.tests),
        *([f"still absent: {row.missing}"] if row.missing else []),
    ]
    return [head, *(f"             {detail}" for detail in details)]
