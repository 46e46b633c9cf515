"""An empty outbox and the two lanes over it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from services.chassis import relay as relay_module
from services.chassis.database import Database
from tests.component.chassis.rows.relay.lanes import FakePublisher, Lane


@pytest.fixture(autouse=True)
def fresh_outbox(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(relay_module, "Publisher", FakePublisher)
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM outbox"))
    yield


@pytest.fixture
def ordinary(database: Database) -> Lane:
    return Lane(database, urgent=False)


@pytest.fixture
def urgent(database: Database) -> Lane:
    return Lane(database, urgent=True)
