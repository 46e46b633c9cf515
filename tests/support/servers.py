"""Fixtures: a private PostgreSQL and a private RabbitMQ, started when a test first asks."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.cli.local.rabbitmq import PrivateBroker
from tests.support.databases import Databases, TestPostgres


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A folder the servers' system users can reach (pytest's own is private to us)."""
    folder = Path(tempfile.mkdtemp(prefix="huixin-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server(server_folder: Path) -> Iterator[TestPostgres]:
    """One PostgreSQL for the whole run; `.database(service)` gives a migrated database."""
    server = TestPostgres(server_folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def postgres(postgres_server: TestPostgres) -> Iterator[Databases]:
    """`postgres.database("booking")`: a fresh, migrated database that ends with the test."""
    databases = Databases(postgres_server)
    yield databases
    databases.drop_all()


@pytest.fixture(scope="session")
def broker_server(server_folder: Path) -> Iterator[PrivateBroker]:
    """One RabbitMQ for the whole run. Whoever kills it starts it again."""
    broker = PrivateBroker(server_folder, admin_password="test-only")
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def rabbitmq(broker_server: PrivateBroker) -> Iterator[str]:
    """The address of an empty virtual host that ends with the test."""
    with broker_server.virtual_host() as url:
        yield url
