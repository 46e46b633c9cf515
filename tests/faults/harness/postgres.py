"""The city's PostgreSQL: it can be killed, and its clock is moved by a function before `now()`."""

import os
import signal
import time
from contextlib import closing, suppress
from pathlib import Path

from psycopg2 import sql

from services.cli.bench.processes import descendants
from services.cli.local.postgres import PrivatePostgres
from tests.support.processes import lives

# Our `now()` stands before the system's on the search path, in front of every service's statement.
SHIFTED = """
    CREATE SCHEMA shifted;
    CREATE TABLE shifted.clock (ahead interval NOT NULL);
    INSERT INTO shifted.clock VALUES ('0');
    CREATE FUNCTION shifted.now() RETURNS timestamptz STABLE LANGUAGE sql
        AS 'SELECT pg_catalog.now() + ahead FROM shifted.clock';
    GRANT USAGE ON SCHEMA shifted TO PUBLIC;
    GRANT SELECT ON shifted.clock TO PUBLIC;
"""


class FragilePostgres(PrivatePostgres):
    """fsync stays on: what was committed has to be there after a kill."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, admin_password="test-only", durable=True)
        self._databases: list[str] = []

    def ensure_database(self, name: str, password: str) -> str:
        """A database whose clock may be moved; returns its address."""
        url = super().ensure_database(name, password)
        with closing(self.admin(name)) as connection, connection.cursor() as cursor:
            cursor.execute(SHIFTED)
            cursor.execute(
                sql.SQL("ALTER ROLE {0} IN DATABASE {0} SET search_path = {1}").format(
                    sql.Identifier(name), sql.SQL("public, shifted, pg_catalog")
                )
            )
        self._databases.append(name)
        return url

    def move_clock(self, seconds: float, *names: str) -> None:
        """By so much, in these databases or all."""
        for name in names or self._databases:
            with closing(self.admin(name)) as connection, connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE shifted.clock SET ahead = ahead + make_interval(secs => %s)", [seconds]
                )

    def kill(self) -> None:
        """End every process of it (-9), as a power cut would, which leaves nobody's lock alive."""
        lock = self.data / "postmaster.pid"
        processes = descendants(int(lock.read_text().splitlines()[0]))
        for pid in processes:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while any(lives(pid) for pid in processes):
            time.sleep(0.01)
        lock.unlink(missing_ok=True)
