"""Each service's database: schema, outbox, inbox, timers, clock, connections."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from services.apphost import KEEPERS
from services.chassis.migrations import SERVICES
from services.cli.doctoring.finding import Finding, critical, ok, warning
from services.cli.doctoring.system import System
from services.contracts.subscriptions import SUBSCRIPTIONS, Lane

CRISIS_QUEUES = {each.queue for each in SUBSCRIPTIONS if each.lane is Lane.CRISIS}
OLD_SECONDS, URGENT_OLD_SECONDS, LATE_SECONDS = 60, 10, 60
SKEW_SECONDS, MANY_RETRIES, FULL = 2.0, 20, 0.85

_VERSION = text("SELECT version_num FROM alembic_version")
_OUTBOX = text(
    "SELECT urgent, count(*) AS waiting, extract(epoch FROM now() - min(created_at)) AS oldest"
    " FROM outbox WHERE sent_at IS NULL GROUP BY urgent"
)
_INBOX = text(
    "SELECT queue, 'parked' AS state, count(*) AS found FROM inbox"
    " WHERE state = 'parked' GROUP BY queue UNION ALL"
    " SELECT queue, 'retry', count(*) FROM inbox WHERE state = 'retry' GROUP BY queue"
)
_TIMER = text("SELECT extract(epoch FROM now() - min(due_at)) FROM timers WHERE due_at < now()")
_CLOCK = text("SELECT extract(epoch FROM clock_timestamp())")
_CONNECTIONS = text(
    "SELECT count(*)::float / current_setting('max_connections')::int"
    " FROM pg_stat_activity WHERE backend_type = 'client backend'"
)


def look_at_databases(system: System) -> Iterator[Finding]:
    """All of them; a server's connections are counted once."""
    servers: set[tuple[Any, ...]] = set()
    for service in KEEPERS:
        url = system.get(f"{service.upper()}_DATABASE_URL")
        if url is None:
            yield warning(
                service, "its database is not known", f"set {service.upper()}_DATABASE_URL"
            )
            continue
        parts = make_url(url)
        first = (parts.host, parts.port) not in servers
        servers.add((parts.host, parts.port))
        yield from _look(service, url, system, server=first)


def opened(url: str) -> Any:
    """An engine that keeps nothing open and puts no value into an error."""
    return create_engine(
        url, poolclass=NullPool, hide_parameters=True, connect_args={"connect_timeout": 5}
    )


def _look(service: str, url: str, system: System, *, server: bool) -> Iterator[Finding]:
    where = f"{service} db"
    try:
        with opened(url).connect() as connection:
            found = [
                *_schema(where, service, connection),
                *_outbox(where, service, connection, system),
                *_inbox(where, connection),
                *_timers(where, service, connection, system),
                *_clock(where, connection),
                *(_connections(where, connection) if server else ()),
            ]
    except SQLAlchemyError as error:
        what = f"does not answer ({type(error).__name__})"
        yield critical(where, what, "is PostgreSQL running and reachable?", "DatabaseAway")
        return
    yield from found or [ok(where, "schema, outbox, inbox, timers and clock are in order")]


def _schema(where: str, service: str, connection: Connection) -> Iterator[Finding]:
    folder = SERVICES / service / "migrations"
    script = ScriptDirectory(str(folder), version_locations=[str(folder / "versions")])
    head, found = script.get_current_head(), connection.execute(_VERSION).scalar()
    if found == head:
        return
    if found is not None and not _known(folder, found):
        yield warning(where, f"schema {found} is newer than this program's {head}",
                      "run the doctor of the version that is deployed")  # fmt: skip
    else:
        yield critical(where, f"schema {found}, the program wants {head}", "./huixin migrate")


def _known(folder: Path, revision: str) -> bool:
    return any(path.stem.startswith(revision) for path in (folder / "versions").glob("*.py"))


def _outbox(where: str, service: str, connection: Connection, system: System) -> Iterator[Finding]:
    for row in connection.execute(_OUTBOX):
        what = f"{row.waiting} events unsent, the oldest for {float(row.oldest):.0f} s"
        do = f"{system.log_of(service)}; does the broker stand?"
        if row.urgent and row.oldest > URGENT_OLD_SECONDS:
            yield critical(where, f"urgent: {what}", do, "UrgentOutboxOld")
        elif row.oldest > OLD_SECONDS:
            yield critical(where, what, do, "OutboxOld")


def _inbox(where: str, connection: Connection) -> Iterator[Finding]:
    for row in connection.execute(_INBOX):
        see = f"./huixin parked list --queue {row.queue}"
        if row.state == "parked":
            yield warning(where, f"{row.found} parked in {row.queue}", see, "MessageParked")
        elif row.queue in CRISIS_QUEUES:
            what = f"{row.found} crisis events of {row.queue} fail"
            yield critical(where, what, f"{see} --retrying", "CrisisEventFailing")
        elif row.found > MANY_RETRIES:
            what = f"{row.found} events of {row.queue} wait for a retry"
            yield warning(where, what, f"{see} --retrying", "RetriesPilingUp")


def _timers(where: str, service: str, connection: Connection, system: System) -> Iterator[Finding]:
    late = connection.execute(_TIMER).scalar()
    if late is not None and late > LATE_SECONDS:
        what = f"the oldest timer is {float(late):.0f} s late"
        yield warning(where, what, f"is {service} running? {system.log_of(service)}", "TimersLate")


def _clock(where: str, connection: Connection) -> Iterator[Finding]:
    before = time.time()
    skew = float(connection.execute(_CLOCK).scalar_one()) - (before + time.time()) / 2
    if abs(skew) > SKEW_SECONDS:
        what = f"its clock is {skew:+.1f} s from this machine's"
        yield warning(where, what, "start time synchronisation on both", "ClockSkew")


def _connections(where: str, connection: Connection) -> Sequence[Finding]:
    share = float(connection.execute(_CONNECTIONS).scalar_one())
    if share <= FULL:
        return []
    what = f"{share:.0%} of the server's connections are taken"
    return [warning(where, what, "raise max_connections, or lower <SERVICE>_DATABASE_POOL",
                    "DatabaseConnectionsFull")]  # fmt: skip
