"""What is in a database at one moment: schema, rows by table, the audit chain's head, keys."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, text

from services.chassis.auditchain import head_of
from services.chassis.rewrapping import wrapped_by
from services.cli.backups.manifest import Head
from services.cli.keeping import one_moment

# Who reads before whom it reads from, as far as order matters to the reader: in the milliseconds
# between, an event may be missing at its reader, which restoring mends, but is never ahead of its
# sender, which would make the reader take the sender's next event for an old one.
READERS_FIRST = ("reporting", "notification", "booking", "assessment", "accounts")

_TABLES = text(
    "SELECT table_name FROM information_schema.tables"
    " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name"
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What can be compared before and after."""

    revision: str
    server: str
    tables: dict[str, int]
    audit: Head
    keys: dict[str, int]


@contextmanager
def one_moment_of_all(urls: Mapping[str, str]) -> Iterator[dict[str, tuple[Connection, str]]]:
    """A connection and the id of its snapshot for each service, taken within milliseconds.

    Nothing is locked: a call for help never waits for a backup.
    """
    with ExitStack() as stack:
        connections = {name: stack.enter_context(one_moment(urls[name])) for name in READERS_FIRST}
        snapshot = text("SELECT pg_export_snapshot()")
        yield {
            name: (connection, str(connection.execute(snapshot).scalar_one()))
            for name, connection in connections.items()
        }


def contents_of(connection: Connection) -> Contents:
    """Counted in the connection's transaction."""
    number, digest = head_of(connection)
    return Contents(
        revision=revision_of(connection),
        server=str(connection.execute(text("SHOW server_version")).scalar_one()),
        tables=counts_of(connection),
        audit=Head(number, digest),
        keys=wrapped_by(connection),
    )


def revision_of(connection: Connection) -> str:
    """The schema's newest migration."""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def counts_of(connection: Connection) -> dict[str, int]:
    """Rows by table; empty where there is no table."""
    names = list(connection.execute(_TABLES).scalars())
    return {
        name: int(connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one())  # noqa: S608  # the database's own names
        for name in names
    }
