"""Alembic for a service, without files of its own: the script folder is the service's."""

from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

SERVICES = Path(__file__).parent.parent
LOCK = 0x4875_6978


def migrate(service: str, url: str) -> list[str]:
    """Bring the service's database to its newest revision; returns the revisions applied.

    Two of these at once wait for one another by an advisory lock.
    """
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
            connection.commit()
            return _upgrade(connection, SERVICES / service / "migrations")
    finally:
        engine.dispose()


def is_known(service: str, revision: str) -> bool:
    """Whether this version's migrations lead on from there."""
    script = _scripts(SERVICES / service / "migrations")
    return revision in {each.revision for each in script.walk_revisions()}


def stands(service: str, url: str) -> bool:
    """Whether the schema this code needs is there; a newer one serves as well, since it only adds.

    A revision this code does not know was made by a later version, before a rollback to this one.
    """
    script = _scripts(SERVICES / service / "migrations")
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    known = {each.revision for each in script.walk_revisions()}
    return current is not None and (current == script.get_current_head() or current not in known)


def _scripts(folder: Path) -> ScriptDirectory:
    return ScriptDirectory(str(folder), version_locations=[str(folder / "versions")])


def _upgrade(connection: Connection, folder: Path) -> list[str]:
    script = _scripts(folder)
    applied: list[str] = []

    def steps(current: Any, _context: MigrationContext) -> Any:
        found = script._upgrade_revs("head", current)
        applied.extend(step.revision.revision for step in found)
        return found

    context = MigrationContext.configure(
        connection, opts={"fn": steps, "transaction_per_migration": True}
    )
    with Operations.context(context):
        context.run_migrations()
    connection.commit()
    return applied
