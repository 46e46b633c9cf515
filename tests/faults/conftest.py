"""Toy services as processes, which a test kills at one exact point and starts again."""

from collections.abc import Iterator

import pytest

from services.cli.local.rabbitmq import PrivateBroker
from tests.support.databases import Databases, TestPostgres
from tests.support.processes import ToyCity


@pytest.fixture(scope="module")
def running_toys(postgres_server: TestPostgres, broker_server: PrivateBroker) -> Iterator[ToyCity]:
    databases = Databases(postgres_server)
    with broker_server.virtual_host() as url:
        city = ToyCity(databases, url)
        city.start("sender", "reader", "ledger")
        yield city
        city.end()
    databases.drop_all()


@pytest.fixture
def city(running_toys: ToyCity) -> ToyCity:
    """All three run when a test begins; what earlier tests made stays counted."""
    running_toys.start(*running_toys.ended())
    return running_toys
