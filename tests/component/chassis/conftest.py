"""The toy services, running over the in-memory broker."""

from collections.abc import Iterator

import pytest

from tests.support.apps import App, running
from tests.support.databases import Databases
from tests.support.servers import TestPostgres
from tests.support.toys import ToyLedger, ToyReader, ToySender, toy_database


@pytest.fixture(scope="module")
def app(postgres_server: TestPostgres) -> Iterator[App]:
    databases = Databases(postgres_server)
    toys = (ToySender, ToyReader, ToyLedger)
    urls = {f"{toy.name.upper()}_DATABASE_URL": toy_database(databases) for toy in toys}
    with running(databases, toys, **urls) as app:
        yield app
    databases.drop_all()
