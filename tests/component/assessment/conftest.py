"""The assessment service on a fresh database, and people who answer."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.assessment.service import AssessmentService
from tests.component.assessment.people import Sent
from tests.support.apps import App, running
from tests.support.databases import Databases, TestPostgres


@pytest.fixture(scope="module")
def app(postgres_server: TestPostgres) -> Iterator[App]:
    """One running service a module; tests use people of their own."""
    databases = Databases(postgres_server)
    with running(databases, [AssessmentService]) as started:
        yield started
    databases.drop_all()


@pytest.fixture
def worker(app: App) -> Any:
    """Somebody nobody has met before."""
    return app.person("worker", unit="wh/hc/e0001")


@pytest.fixture
def sent(app: App) -> Sent:
    """The events the service has put into its outbox."""
    return Sent(app)
