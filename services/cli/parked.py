"""List, inspect, replay or drop events that a service refused or kept failing on.

Data of events are never shown: an operator decides by type, time, correlation and reason. Crisis
events are not parked but tried every minute; `--retrying` shows them and the other retries.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from services.apphost import KEEPERS
from services.cli.environ import read_setting
from services.cli.errors import CommandFailed
from services.cli.inboxrows import Found, InboxRows

COLUMNS = "{event:<38}{received:<21}{queue:<34}{type:<40}{state:<9}{attempts:<9}{reason}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, with which events of which service."""
    parser.add_argument("action", choices=("list", "inspect", "replay", "drop"))
    parser.add_argument("event", nargs="?", help="an event's id, or «all» to replay")
    parser.add_argument("--service", choices=KEEPERS, help="only this service")
    parser.add_argument("--queue", help="only this queue")
    parser.add_argument("--type", help="only events of this type")
    parser.add_argument("--error", help="only events that failed for this reason")
    parser.add_argument("--retrying", action="store_true", help="those that wait for a retry too")
    parser.add_argument("--reason", default="", help="why, for the audit log; to drop, it must be")
    parser.add_argument("--wait", type=float, metavar="SECONDS", help="see what a replay comes to")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--data", type=Path, help="the data folder of a running demo or up")


def run(arguments: argparse.Namespace) -> int:
    """1 where the event is not there, or a replay that was waited for did not take effect."""
    _refuse_nonsense(arguments)
    found = [
        (rows, each)
        for rows in _inboxes(arguments)
        for each in rows.waiting(retrying=arguments.retrying)
        if _meant(each, arguments)
    ]
    if arguments.action == "list":
        return _list([each for _, each in found], arguments)
    if not found:
        raise CommandFailed(f"No service has parked the event {arguments.event}.")
    for rows, each in found:
        _ACTIONS[arguments.action](rows, each, arguments)
    return _await(found, arguments) if arguments.action == "replay" and arguments.wait else 0


def _refuse_nonsense(arguments: argparse.Namespace) -> None:
    if arguments.action != "list" and not arguments.event:
        raise CommandFailed("Which event? `./huixin parked list` shows their ids.")
    if arguments.action == "drop" and arguments.event == "all":
        raise CommandFailed("Events are dropped one by one, each for a --reason.")
    if arguments.action == "drop" and not arguments.reason.strip():
        raise CommandFailed("Say why with --reason: what is dropped takes effect nowhere, ever.")


def _inboxes(arguments: argparse.Namespace) -> Iterator[InboxRows]:
    for service in [arguments.service] if arguments.service else KEEPERS:
        url = read_setting(f"{service.upper()}_DATABASE_URL", folder=arguments.data)
        yield InboxRows(service, url)


def _meant(found: Found, arguments: argparse.Namespace) -> bool:
    asked = {
        found.event: arguments.event if arguments.event != "all" else None,
        found.queue: arguments.queue,
        found.attributes.get("type", ""): arguments.type,
        found.reason: arguments.error,
    }
    return all(wanted is None or wanted == value for value, wanted in asked.items())


def _list(found: list[Found], arguments: argparse.Namespace) -> int:
    for each in found:
        print(_line(each, arguments))
    if not arguments.json:
        retrying = sum(each.state == "retry" for each in found)
        more = f", {retrying} waiting for a retry" if arguments.retrying else ""
        print(f"{len(found) - retrying} parked{more}.")
    return 0


def _line(found: Found, arguments: argparse.Namespace) -> str:
    words = found.words()
    return json.dumps(words) if arguments.json else COLUMNS.format(**words).rstrip()


def _inspect(_rows: InboxRows, found: Found, _arguments: argparse.Namespace) -> None:
    print(json.dumps({**found.attributes, **found.words()}, indent=2))


def _replay(rows: InboxRows, found: Found, arguments: argparse.Namespace) -> None:
    rows.replay(found, arguments.reason)
    if not arguments.wait:
        print(_line(found, arguments))


def _drop(rows: InboxRows, found: Found, arguments: argparse.Namespace) -> None:
    rows.drop(found, arguments.reason)
    print(_line(found, arguments))


_ACTIONS: dict[str, Callable[[InboxRows, Found, argparse.Namespace], None]] = {
    "inspect": _inspect,
    "replay": _replay,
    "drop": _drop,
}


def _await(found: list[tuple[InboxRows, Found]], arguments: argparse.Namespace) -> int:
    """Tell of each event what its replay came to; the time is for all of them together."""
    ends = time.monotonic() + arguments.wait
    failed = 0
    for rows, each in found:
        while (now := rows.state_of(each)).pending and time.monotonic() < ends:
            time.sleep(0.2)
        failed += not now.took_effect
        words = {"event": each.event, "queue": each.queue, "came_to": now.text}
        print(json.dumps(words) if arguments.json else f"{each.event}  {each.queue:<34}{now.text}")
    return 1 if failed else 0
