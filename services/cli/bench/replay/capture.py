"""What statements one request makes: PostgreSQL writes all of them into its log, we read them.

Requests are sent one by one, each followed by a marker, so that every statement between two markers
belongs to one request, or to the service's own background work, which is left out: a transaction
counts where it names the person who asked.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg2.extensions

from services.cli.local.postgres import PrivatePostgres

PREFIX = "@@%p|%v|%d@@"
ENTRY = re.compile(r"^@@(\d+)\|([^|]*)\|([^@]*)@@LOG:  statement: (.*)$")
OTHER = re.compile(r"^@@\d+\|[^|]*\|[^@]*@@")
MARKER = "SELECT 'huixin bench marker'"


class Statement(NamedTuple):
    """One line of the log: the session and its transaction, the database, the SQL."""

    session: int
    transaction: str
    database: str
    sql: str


@contextmanager
def recorder(server: PrivatePostgres, database: str) -> "Iterator[Recorder]":
    """While the block runs, sessions of this database that begin in it log every statement."""
    with closing(server.admin()) as admin, admin.cursor() as cursor:
        cursor.execute(f"ALTER SYSTEM SET log_line_prefix = '{PREFIX}'")
        cursor.execute("SELECT pg_reload_conf()")
        cursor.execute(f"ALTER DATABASE \"{database}\" SET log_statement = 'all'")
        with closing(server.admin(database)) as session:
            yield Recorder(server.data / "server.log", session, database)
        cursor.execute(f'ALTER DATABASE "{database}" RESET log_statement')


class Recorder:
    """Reads what was logged since it was made; `session` is one of `logged`."""

    def __init__(self, log: Path, session: psycopg2.extensions.connection, database: str) -> None:
        self._log, self._session, self._database = log, session, database
        self._began = log.stat().st_size

    def record(self, people: Sequence[str], ask: Callable[[int], None]) -> list[list[str]]:
        """The statements of each request, in order; `ask(n)` sends the n-th, for `people[n]`."""
        with self._session.cursor() as cursor:
            cursor.execute(MARKER)
            for number in range(len(people)):
                ask(number)
                cursor.execute(MARKER)
        with self._log.open("rb") as file:
            file.seek(self._began)
            found = statements(file.read().decode(errors="replace"), self._database)
        parts = between_markers(found)
        return [of_person(part, person) for part, person in zip(parts, people, strict=True)]


def statements(text: str, database: str) -> list[Statement]:
    """The statements in a log; a statement's further lines begin with a tab."""
    found: list[Statement] = []
    taking = False
    for line in text.split("\n"):
        if entry := ENTRY.match(line):
            session, transaction, name, sql = entry.groups()
            taking = name == database
            if taking:
                found.append(Statement(int(session), transaction, name, sql))
        elif taking and line.startswith("\t"):
            found[-1] = found[-1]._replace(sql=f"{found[-1].sql}\n{line[1:]}")
        elif OTHER.match(line):
            taking = False
    return found


def between_markers(found: Sequence[Statement]) -> list[list[Statement]]:
    """One list for each request."""
    parts: list[list[Statement]] = []
    for each in found:
        if each.sql == MARKER:
            parts.append([])
        elif parts:
            parts[-1].append(each)
    return parts[:-1]


def of_person(part: Sequence[Statement], person: str) -> list[str]:
    """The statements of those transactions in which this person's id occurs."""
    named = {(each.session, each.transaction) for each in part if person in each.sql}
    return [each.sql for each in part if (each.session, each.transaction) in named]
