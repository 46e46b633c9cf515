"""List, inspect, replay or drop events that a service refused or kept failing on.

Data of events are not shown: an operator decides by type, time, correlation and reason.
"""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, Row, create_engine, text

from services.apphost import KEEPERS
from services.cli.environ import read_setting
from services.cli.errors import CommandFailed

_PARKED = text(
    "SELECT queue, event_id, attempts, error, body, received_at FROM inbox"
    " WHERE state = 'parked' ORDER BY received_at"
)
_REPLAY = text(
    "UPDATE inbox SET state = 'retry', attempts = 0, due_at = now()"
    " WHERE state = 'parked' AND event_id = :event"
)
_DROP = text(
    "UPDATE inbox SET state = 'done', body = NULL, error = 'dropped'"
    " WHERE state = 'parked' AND event_id = :event"
)
_AUDIT = text(
    "INSERT INTO audit (action, subject, reason, correlation_id)"
    " VALUES (:action, :subject, :reason, '')"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, with which event of which service."""
    parser.add_argument("action", choices=("list", "inspect", "replay", "drop"))
    parser.add_argument("event", nargs="?", help="an event's id, or «all» to replay")
    parser.add_argument("--service", choices=KEEPERS, help="only this service")
    parser.add_argument("--reason", default="", help="why, for the audit log")
    parser.add_argument("--data", type=Path, help="the data folder of a running demo or up")


def run(arguments: argparse.Namespace) -> int:
    """1 where the event is not parked anywhere."""
    if arguments.action != "list" and not arguments.event:
        raise CommandFailed("Which event? `./huixin parked list` shows their ids.")
    if arguments.action == "drop" and arguments.event == "all":
        raise CommandFailed("Events are dropped one by one, each for a --reason.")
    services = [arguments.service] if arguments.service else KEEPERS
    touched = sum(_in_service(service, arguments) for service in services)
    if arguments.action == "list":
        print(f"{touched} parked.")
        return 0
    if not touched:
        raise CommandFailed(f"No service has parked the event {arguments.event}.")
    return 0


def _in_service(service: str, arguments: argparse.Namespace) -> int:
    url = read_setting(f"{service.upper()}_DATABASE_URL", folder=arguments.data)
    with _connected(url) as connection:
        rows = [
            row
            for row in connection.execute(_PARKED)
            if arguments.event in (None, "all", str(row.event_id))
        ]
        for row in rows:
            _handle(connection, row, arguments)
    return len(rows)


def _handle(
    connection: Connection, row: Row[tuple[object, ...]], arguments: argparse.Namespace
) -> None:
    envelope = json.loads(bytes(row.body)) if row.body else {}
    if arguments.action == "inspect":
        envelope.pop("data", None)
        print(json.dumps({**envelope, "queue": row.queue, "error": row.error}, indent=2))
        return
    if arguments.action != "list":
        _decide(connection, row.event_id, arguments)
    print(f"{row.event_id}  {row.received_at:%Y-%m-%d %H:%M:%S}  {row.queue:<34}"
          f"{envelope.get('type', '?'):<40}{row.error}")  # fmt: skip


def _decide(connection: Connection, event: UUID, arguments: argparse.Namespace) -> None:
    connection.execute(_REPLAY if arguments.action == "replay" else _DROP, {"event": event})
    note = {
        "action": f"parked.{arguments.action}",
        "subject": str(event),
        "reason": arguments.reason,
    }
    connection.execute(_AUDIT, note)


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
