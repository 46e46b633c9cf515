"""A database with the chassis tables and nothing running: each rule of a row by itself."""

from collections.abc import Iterator

import pytest

from services.chassis.database import Database
from tests.support.databases import Databases
from tests.support.servers import TestPostgres
from tests.support.toys import toy_database


@pytest.fixture(scope="package")
def database(postgres_server: TestPostgres) -> Iterator[Database]:
    databases = Databases(postgres_server)
    database = Database(toy_database(databases))
    yield database
    database.close()
    databases.drop_all()
