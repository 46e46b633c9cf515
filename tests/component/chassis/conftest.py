"""The toy services, running in this process."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.apps import App, running
from tests.support.databases import Databases
from tests.support.servers import TestPostgres
from tests.support.toys import ToyLedger, ToyReader, ToySender, toy_database


@contextmanager
def toy_app(postgres: TestPostgres, amqp: str, **environ: str) -> Iterator[App]:
    """The toys on databases of their own; `environ` adds settings."""
    databases = Databases(postgres)
    toys = (ToySender, ToyReader, ToyLedger)
    urls = {f"{toy.name.upper()}_DATABASE_URL": toy_database(databases) for toy in toys}
    with running(databases, toys, amqp=amqp, **urls, **environ) as app:
        yield app
    databases.drop_all()


@pytest.fixture(scope="module")
def app(postgres_server: TestPostgres) -> Iterator[App]:
    with toy_app(postgres_server, "memory://") as app:
        yield app
