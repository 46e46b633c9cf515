"""Alembic for a service, without files of its own: the script folder is the service's.

A migration runs while the version before it serves. It waits for a lock a few seconds at most,
since everybody who comes later waits behind it; then it lets go and tries again.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError

SERVICES = Path(__file__).parent.parent
LOCK = 0x4875_6978
LOCK_WAIT = "3s"
TRIES, PAUSE_SECONDS = 20, 2.0
LOCK_NOT_AVAILABLE = "55P03"


def migrate(service: str, url: str) -> list[str]:
    """Bring the service's database to its newest revision; returns the revisions applied.

    Two of these at once wait for one another. Raises OperationalError where a table stayed locked.
    """
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            _be_alone(connection)
            connection.execute(text(f"SET lock_timeout = '{LOCK_WAIT}'"))
            connection.commit()
            return _upgrade_patiently(connection, scripts_of(service))
    finally:
        engine.dispose()


def is_known(service: str, revision: str) -> bool:
    """Whether this version's migrations lead on from there."""
    script = scripts_of(service)
    return revision in {each.revision for each in script.walk_revisions()}


def stands(service: str, url: str) -> bool:
    """Whether the schema this code needs is there; a newer one serves as well, since it only adds.

    A revision this code does not know was made by a later version, before a rollback to this one.
    """
    script = scripts_of(service)
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    known = {each.revision for each in script.walk_revisions()}
    return current is not None and (current == script.get_current_head() or current not in known)


def scripts_of(service: str, services: Path | None = None) -> ScriptDirectory:
    """The migrations of a service."""
    folder = (services or SERVICES) / service / "migrations"
    return ScriptDirectory(str(folder), version_locations=[str(folder / "versions")])


def newest_revisions(services: Iterable[str]) -> dict[str, str]:
    """What each service's database is brought to."""
    return {name: str(scripts_of(name).get_current_head()) for name in services}


def in_order(scripts: ScriptDirectory) -> list[Script]:
    """From the first migration to the newest."""
    return list(reversed(list(scripts.walk_revisions())))


def statements_of(scripts: ScriptDirectory, migration: Script) -> str:
    """What a migration would tell PostgreSQL, without one."""
    (step,) = _steps(scripts, migration.revision, migration.down_revision)
    said = StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql",
        opts={
            "fn": lambda _current, _context: [step],
            "as_sql": True,
            "output_buffer": said,
            "starting_rev": migration.down_revision,
            "transaction_per_migration": True,
        },
    )
    with Operations.context(context):
        context.run_migrations()
    return said.getvalue()


@contextmanager
def outside_transaction(operations: Any) -> Iterator[None]:
    """For what PostgreSQL does beside everybody's work: an index CONCURRENTLY. It holds nobody up,
    so it may wait as long as it has to.
    """
    with operations.get_context().autocommit_block():
        operations.execute("SET lock_timeout = 0")
        yield
        operations.execute(f"SET lock_timeout = '{LOCK_WAIT}'")


def _be_alone(connection: Connection) -> None:
    """By asking again and again: whoever waits inside a statement holds up CONCURRENTLY."""
    attempt = text("SELECT pg_try_advisory_lock(:lock)")
    while not connection.execute(attempt, {"lock": LOCK}).scalar_one():
        connection.commit()
        time.sleep(0.2)
    connection.commit()


def _upgrade_patiently(connection: Connection, scripts: ScriptDirectory) -> list[str]:
    before = MigrationContext.configure(connection).get_current_revision()
    connection.commit()
    for left in reversed(range(TRIES)):
        try:
            _upgrade(connection, scripts)
            break
        except OperationalError as error:
            connection.rollback()
            if getattr(error.orig, "pgcode", "") != LOCK_NOT_AVAILABLE or not left:
                raise
            time.sleep(PAUSE_SECONDS)
    return [step.revision.revision for step in _steps(scripts, "head", before)]


def _upgrade(connection: Connection, scripts: ScriptDirectory) -> None:
    def steps(current: Any, _context: MigrationContext) -> Any:
        return _steps(scripts, "head", current)

    context = MigrationContext.configure(
        connection, opts={"fn": steps, "transaction_per_migration": True}
    )
    with Operations.context(context):
        context.run_migrations()
    connection.commit()


def _steps(scripts: ScriptDirectory, to: str, current: Any) -> Any:
    """Alembic's own way up, from no revision at all where there is none yet."""
    return scripts._upgrade_revs(to, current)
