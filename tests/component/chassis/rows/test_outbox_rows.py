"""The outbox, row by row: what an event is sent with, and the numbers of its subject."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import Connection, text

from services.chassis.context import Context
from services.chassis.database import Database
from services.chassis.outbox import Outgoing, store_outgoing
from tests.support.toys import a_completed_response, a_risk_flag


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.engine.connect() as connection:
        yield connection


def stored(connection: Connection, event: Any, **more: Any) -> Any:
    values = {"context": Context("loop"), "unit": "wh/hc", "urgent": False, **more}
    event_id = store_outgoing(connection, Outgoing(event, **values))
    return connection.execute(text("SELECT * FROM outbox WHERE id = :id"), {"id": event_id}).one()


def test_a_row_holds_the_event_and_the_loop_it_belongs_to(connection: Connection) -> None:
    event = a_completed_response()
    context = Context("loop", causation_id="cause", traceparent="trace", actor=uuid4())

    row = stored(connection, event, context=context)

    assert (row.type, row.subject) == ("assessment.response-completed.v1", str(event.response))
    assert (row.correlation_id, row.causation_id, row.traceparent) == ("loop", "cause", "trace")
    assert (row.unit, row.urgent, row.sequence) == ("wh/hc", False, 1)
    assert (row.sent_at, row.posted_at, row.attempts) == (None, None, 0)
    assert row.data == msgspec.to_builtins(event)
    assert stored(connection, a_risk_flag(), urgent=True).urgent


def test_each_subject_is_numbered_by_itself_and_without_gaps(connection: Connection) -> None:
    one, other = uuid4(), uuid4()

    numbers = [
        stored(connection, a_completed_response(each)).sequence for each in (one, other, one)
    ]
    connection.commit()
    stored(connection, a_completed_response(one))
    connection.rollback()

    assert numbers == [1, 1, 2]
    assert stored(connection, a_completed_response(one)).sequence == 3


def test_subjects_of_two_kinds_with_one_id_are_two(connection: Connection) -> None:
    same = uuid4()

    stored(connection, a_completed_response(same))

    assert stored(connection, a_risk_flag(same)).sequence == 1


def test_every_event_has_an_id_of_its_own(connection: Connection) -> None:
    event = a_completed_response()

    assert stored(connection, event).id != stored(connection, event).id
