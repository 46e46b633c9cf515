"""A running reporting service with a database of its own."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from services.reporting.service import ReportingService
from tests.support.apps import App, Client, running
from tests.support.databases import Databases, TestPostgres

MONTHS = {"year": 2026, "month": 3}


EMPTY = """
TRUNCATE ledger, counters, case_clocks, case_figures, counted_months, rebuilds,
         edition_figures, releases, editions, targets, inbox, outbox RESTART IDENTITY
"""


@pytest.fixture(scope="module")
def running_app(postgres_server: TestPostgres) -> Iterator[App]:
    databases = Databases(postgres_server)
    with running(databases, (ReportingService,)) as app:
        yield app
    databases.drop_all()


@pytest.fixture
def app(running_app: App) -> App:
    """The running service with nothing counted: figures are of the whole city."""
    with running_app.runtime("reporting").database.engine.begin() as connection:
        connection.exec_driver_sql(EMPTY)
    return running_app


@pytest.fixture
def lead(app: App) -> Client:
    return app.person("clinical-lead", unit="wh")


@pytest.fixture
def city_admin(app: App) -> Client:
    return app.person("city-admin", unit="wh")


@pytest.fixture
def district_admin(app: App) -> Client:
    return app.person("district-admin", unit="wh/hc")


@pytest.fixture
def unit_admin(app: App) -> Client:
    return app.person("unit-admin", unit="wh/hc/e1")


Indicators = Callable[..., dict[str, Any]]


@pytest.fixture
def indicators() -> Indicators:
    """The items of GET indicators by code."""

    def read(client: Client, **query: Any) -> dict[str, Any]:
        answer = client.get("/api/reporting/v1/indicators", params={"year": 2026, **query})
        assert answer.status_code == 200, answer.text
        return {item["code"]: item for item in answer.json()["items"]}

    return read


def people(number: int) -> list[UUID]:
    """Different people whose crowds do not overlap, so that counts come out exactly."""
    return [UUID(int=index + 256 * 7919 * (index + 1)) for index in range(number)]
