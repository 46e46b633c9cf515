"""One running booking service for all the cases, and those who work on them."""

from collections.abc import Iterator

import pytest

from services.booking.service import BookingService
from tests.component.booking.people import ToyAccounts
from tests.support.apps import App, Client, running
from tests.support.databases import TestPostgres


@pytest.fixture(scope="package")
def app(postgres_server: TestPostgres) -> Iterator[App]:
    with running(postgres_server, [BookingService, ToyAccounts]) as app:
        yield app


@pytest.fixture
def duty(app: App) -> Client:
    return app.person("duty", unit="wh")


@pytest.fixture
def lead(app: App) -> Client:
    return app.person("clinical-lead", unit="wh")
