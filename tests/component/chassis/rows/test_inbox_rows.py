"""The inbox, row by row: once in effect, patient with what may pass, an operator for the rest."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from services.chassis import inbox
from services.chassis.database import Database
from services.chassis.errors import Conflict, ServiceError, Unavailable
from services.chassis.inbox import Delivery
from tests.support.toys import an_envelope

QUEUE = "booking.response-completed"


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.engine.connect() as connection:
        yield connection


def a_delivery(queue: str = QUEUE, *, retry: bool = False) -> Delivery:
    envelope = an_envelope()
    return Delivery(queue, envelope, envelope.encode(), retry=retry)


def retried(delivery: Delivery) -> Delivery:
    return Delivery(delivery.queue, delivery.envelope, delivery.body, retry=True)


def row(connection: Connection, delivery: Delivery) -> Any:
    statement = text(
        "SELECT state, attempts, body, error, extract(epoch FROM due_at - now()) AS wait"
        " FROM inbox WHERE queue = :queue AND event_id = :event_id"
    )
    return connection.execute(statement, delivery.key()).one_or_none()


def due(connection: Connection, delivery: Delivery, state: str = "retry") -> None:
    statement = "UPDATE inbox SET due_at = now(), state = :state WHERE event_id = :id"
    connection.execute(text(statement), {"id": delivery.envelope.id, "state": state})


def failed(connection: Connection, delivery: Delivery, **how: Any) -> str:
    return inbox.store_failure(connection, delivery, RuntimeError("a name"), **how)


def test_an_event_is_received_once_in_each_queue(connection: Connection) -> None:
    delivery = a_delivery()
    elsewhere = Delivery("reporting.ledger", delivery.envelope, delivery.body)

    assert inbox.receive(connection, delivery)
    assert not inbox.receive(connection, delivery)
    assert inbox.receive(connection, elsewhere)
    assert row(connection, delivery).state == "done"


def test_what_was_rolled_back_was_never_received(connection: Connection) -> None:
    delivery = a_delivery()
    inbox.receive(connection, delivery)

    connection.rollback()

    assert inbox.receive(connection, delivery)


def test_an_event_claimed_ahead_is_here_from_the_next_statement_on(connection: Connection) -> None:
    delivery = a_delivery()

    inbox.receive_ahead(connection, delivery)

    assert row(connection, delivery).state == "done"


def test_an_event_claimed_ahead_needs_no_other_statement(database: Database) -> None:
    delivery = a_delivery()

    with database.engine.begin() as connection:
        inbox.receive_ahead(connection, delivery)

    with database.engine.connect() as connection:
        assert row(connection, delivery).state == "done"


@pytest.mark.parametrize("state", ["done", "retry", "parked"])
def test_a_claim_ahead_of_what_was_here_undoes_what_follows(database: Database, state: str) -> None:
    delivery, other = a_delivery(), a_delivery()
    with database.engine.begin() as connection:
        failed(connection, delivery)
        due(connection, delivery, state)

    with database.engine.connect() as connection:
        inbox.mark_done(connection, other)
        inbox.receive_ahead(connection, delivery)
        with pytest.raises(DBAPIError) as caught:
            connection.commit()

    assert inbox.was_here_before(caught.value)
    with database.engine.connect() as connection:
        assert row(connection, delivery).state == state
        assert row(connection, other) is None


def test_another_rule_that_is_broken_says_nothing_about_the_event(connection: Connection) -> None:
    with pytest.raises(DBAPIError) as caught:
        connection.execute(text("INSERT INTO inbox (queue) VALUES ('nobody')"))

    assert not inbox.was_here_before(caught.value)


def test_a_retry_is_taken_when_it_is_due_and_not_before(connection: Connection) -> None:
    delivery = a_delivery()
    failed(connection, delivery)

    assert not inbox.receive(connection, retried(delivery))
    due(connection, delivery)
    assert inbox.receive(connection, retried(delivery))


@pytest.mark.parametrize("state", ["done", "parked"])
def test_what_is_done_or_parked_is_not_tried_again(connection: Connection, state: str) -> None:
    delivery = a_delivery()
    failed(connection, delivery)
    due(connection, delivery, state)

    assert not inbox.receive(connection, retried(delivery))


def test_a_retry_another_replica_is_at_is_left_to_it(database: Database) -> None:
    delivery = a_delivery()
    with database.engine.begin() as first:
        failed(first, delivery)
        due(first, delivery)

    with database.engine.connect() as first, database.engine.connect() as second:
        assert inbox.receive(first, retried(delivery))
        assert not inbox.receive(second, retried(delivery))


def test_an_event_that_took_effect_forgets_why_it_had_failed(connection: Connection) -> None:
    delivery = a_delivery()
    failed(connection, delivery)

    inbox.mark_done(connection, delivery)

    found = row(connection, delivery)
    assert (found.state, found.wait, found.body, found.error) == ("done", None, None, None)


def test_an_event_can_be_noted_as_done_that_was_never_received(connection: Connection) -> None:
    delivery = a_delivery()

    inbox.mark_done(connection, delivery)

    assert row(connection, delivery).state == "done"
    assert not inbox.receive(connection, delivery)


def test_a_failed_event_is_kept_whole_with_a_reason_that_names_nobody(
    connection: Connection,
) -> None:
    delivery = a_delivery()

    assert failed(connection, delivery) == "retry"

    found = row(connection, delivery)
    assert (found.state, found.attempts, found.error) == ("retry", 1, "RuntimeError")
    assert bytes(found.body) == delivery.body


def test_the_waits_grow_and_then_an_operator_has_to_look(connection: Connection) -> None:
    delivery = a_delivery()
    met = []

    for _ in range(5):
        state = failed(connection, delivery)
        met.append((state, float(row(connection, delivery).wait)))

    assert met == [
        ("retry", 5.0),
        ("retry", 30.0),
        ("retry", 120.0),
        ("retry", 600.0),
        ("parked", 600.0),
    ]
    assert row(connection, delivery).attempts == 5


def test_a_crisis_event_is_tried_every_minute_for_ever(connection: Connection) -> None:
    delivery = a_delivery("booking.risk-flagged")
    met = []

    for _ in range(7):
        state = failed(connection, delivery, crisis=True)
        met.append((state, float(row(connection, delivery).wait)))

    assert met == [("retry", 5.0), ("retry", 30.0), *[("retry", 60.0)] * 5]


def test_a_refusal_is_parked_at_once_but_never_in_a_crisis(connection: Connection) -> None:
    ordinary, crisis = a_delivery(), a_delivery()

    assert inbox.store_failure(connection, ordinary, Conflict("who")) == "parked"
    assert inbox.store_failure(connection, crisis, Conflict("who"), crisis=True) == "retry"
    assert row(connection, ordinary).error == "conflict"


@pytest.mark.parametrize("error", [Unavailable(), ServiceError()])
def test_what_is_away_or_broken_is_no_refusal(connection: Connection, error: ServiceError) -> None:
    delivery = a_delivery()

    assert inbox.store_failure(connection, delivery, error) == "retry"
    assert row(connection, delivery).error == error.code


def test_a_late_failure_does_not_undo_what_took_effect(connection: Connection) -> None:
    delivery = a_delivery()
    inbox.receive(connection, delivery)

    failed(connection, delivery)

    assert row(connection, delivery).state == "done"


def test_of_a_batch_only_what_is_new_is_handed_on_in_its_order(connection: Connection) -> None:
    known, first, second = (a_delivery() for _ in range(3))
    inbox.receive(connection, known)
    batch = [each.envelope for each in (second, known, first, second)]

    fresh = inbox.receive_many(connection, QUEUE, batch)

    assert fresh == [second.envelope, first.envelope]
    assert inbox.receive_many(connection, QUEUE, batch) == []
    assert inbox.receive_many(connection, "reporting.ledger", batch[:1]) == batch[:1]
    assert not inbox.receive(connection, first)


def test_the_rules_hold_for_deliveries_that_come_past_the_broker_too() -> None:
    delivery = a_delivery()

    assert not delivery.retry
    assert delivery.key() == {"queue": QUEUE, "event_id": delivery.envelope.id}
