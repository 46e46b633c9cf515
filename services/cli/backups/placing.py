"""Bringing dumps into empty databases: all of them, or none is left half full.

While it goes on, each database carries a mark, so that a run that was killed is begun anew by the
next one, and by nobody taken for data.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pyrage import x25519
from sqlalchemy import Connection, create_engine, text

from services.chassis.database import Database
from services.chassis.reconcile import send_unrecorded_again
from services.chassis.service import KEPT_DAYS
from services.cli.backups.looking import counts_of
from services.cli.backups.manifest import Kept
from services.cli.backups.programs import restored_into
from services.cli.backups.sealing import unseal
from services.cli.errors import CommandFailed
from services.cli.progress import bar

MARK = "huixin: restore not finished"
_MARKED = text(
    "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
    " WHERE datname = current_database()"
)
# Readers forget what is older: it would be taken for new. Who was to hear of it has.
_ASK_AGAIN = text(
    "UPDATE outbox SET settled = sent_at <"
    " (SELECT max(sent_at) FROM outbox) - make_interval(days => :days) WHERE sent_at IS NOT NULL"
)


def prepare(urls: Mapping[str, str]) -> None:
    """Refuse databases with anything in them, before any is touched; then mark them."""
    for name, url in urls.items():
        with _connected(url) as connection:
            if counts_of(connection) and connection.execute(_MARKED).scalar() != MARK:
                raise CommandFailed(
                    f"The database of {name} is not empty; a backup is brought back onto empty "
                    "databases only. Nothing was changed."
                )
    for url in urls.values():
        with _connected(url) as connection:
            _mark(connection, f"'{MARK}'")
    empty_again(urls)


def place(name: str, kept: Kept, folder: Path, identity: x25519.Identity | None, url: str) -> None:
    """One service's dump into its database, with statistics for the planner."""
    with _connected(url) as connection:
        server = str(connection.execute(text("SHOW server_version")).scalar_one())
    if int(server.split(".")[0]) < int(kept.server.split(".")[0]):
        raise CommandFailed(
            f"The backup is of PostgreSQL {kept.server}; {server} is too old for it."
        )
    with bar(kept.size, name, "bytes") as progress, restored_into(url, server) as into:
        unseal(folder / kept.file, into, identity, progress.update)
    with _connected(url) as connection:
        connection.execute(text("ANALYZE"))


def open_again(databases: Mapping[str, Database]) -> int:
    """Every event that a reader has no record of goes again; returns how many.

    The databases are of slightly different moments, and what waited in the broker is in none.
    """
    for database in databases.values():
        with database.engine.begin() as connection:
            connection.execute(_ASK_AGAIN, {"days": KEPT_DAYS - 1})
    return send_unrecorded_again(databases, age_seconds=0)


def empty_again(urls: Mapping[str, str]) -> None:
    """As if nothing had begun."""
    for url in urls.values():
        with _connected(url) as connection:
            connection.execute(text("DROP SCHEMA IF EXISTS public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))


def finish(urls: Mapping[str, str]) -> None:
    """Take the marks away."""
    for url in urls.values():
        with _connected(url) as connection:
            _mark(connection, "NULL")


def _mark(connection: Connection, words: str) -> None:
    name = connection.engine.url.database
    connection.execute(text(f'COMMENT ON DATABASE "{name}" IS {words}'))


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url, hide_parameters=True)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
