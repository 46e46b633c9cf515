"""Toy services as processes, over a broker that a test may kill."""

from collections.abc import Iterator

import pytest

from services.cli.local.rabbitmq import PrivateBroker
from tests.support.databases import Databases
from tests.support.processes import ToyCity


@pytest.fixture
def city(postgres: Databases, broker_server: PrivateBroker) -> Iterator[ToyCity]:
    with broker_server.virtual_host() as url:
        city = ToyCity(postgres, url)
        yield city
        city.end()
