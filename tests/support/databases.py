"""Fresh, migrated databases: each service is migrated once, and every test gets a copy."""

import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import text

from services.chassis.database import Database
from services.cli.local.postgres import PrivatePostgres

PASSWORD = "test-only"


class TestPostgres:
    """A throw-away PostgreSQL with one migrated template per service."""

    __test__ = False

    def __init__(self, folder: Path) -> None:
        # Without fsync: a process killed in a test leaves what it wrote with the kernel.
        self.server = PrivatePostgres(folder, admin_password=PASSWORD, durable=False)
        self._templates: dict[str, str] = {}

    def start(self) -> None:
        self.server.start()

    def stop(self) -> None:
        self.server.stop()

    def empty(self) -> str:
        """The address of a new database without tables."""
        return self.server.ensure_database(f"empty_{secrets.token_hex(6)}", PASSWORD)

    def database(self, service: str) -> str:
        """The address of a new database with the service's tables and nothing in them."""
        if service not in self._templates:
            self._templates[service] = self._migrated(service)
        owner = self._templates[service]
        name = f"{service}_{secrets.token_hex(6)}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{owner}" OWNER "{owner}"')
        return self.server.url(name, owner, PASSWORD)

    def drop(self, url: str) -> None:
        """Forget a database, whoever is still connected to it."""
        self._execute(f'DROP DATABASE IF EXISTS "{url.rsplit("/", 1)[1]}" WITH (FORCE)')

    def _migrated(self, service: str) -> str:
        from services.chassis.migrations import migrate

        name = f"huixin_{service}"
        migrate(service, self.server.ensure_database(name, PASSWORD))
        return name

    def _execute(self, statement: str) -> None:
        with closing(self.server.admin()) as connection, connection.cursor() as cursor:
            cursor.execute(statement)


class Databases:
    """One test's databases, dropped when it ends."""

    def __init__(self, postgres: TestPostgres) -> None:
        self._postgres = postgres
        self._given: list[str] = []

    def database(self, service: str) -> str:
        """A new migrated database of the service."""
        self._given.append(self._postgres.database(service))
        return self._given[-1]

    def empty(self) -> str:
        """A new database without tables."""
        self._given.append(self._postgres.empty())
        return self._given[-1]

    def drop_all(self) -> None:
        for url in self._given:
            self._postgres.drop(url)


@contextmanager
def table_of_its_own(server: TestPostgres, definition: str) -> Iterator[Database]:
    """The chassis's database with one table, which ends with the block."""
    databases = Databases(server)
    database = Database(databases.empty())
    with database.engine.begin() as connection:
        connection.execute(text(definition))
    yield database
    database.close()
    databases.drop_all()
