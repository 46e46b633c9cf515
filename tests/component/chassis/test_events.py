"""What happens to an event, on both brokers: once in effect, never lost, in nobody's way."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from services.chassis.batch import PREFETCH
from services.chassis.inbox import RETRY_SECONDS
from services.chassis.metrics import EVENTS_HANDLED
from services.cli.local.rabbitmq import PrivateBroker
from services.contracts.envelope import Envelope
from tests.component.chassis.conftest import toy_app
from tests.support.apps import App, eventually
from tests.support.rows import count, marks, rows
from tests.support.servers import TestPostgres
from tests.support.toys import THINGS, ToyLedger, ToyReader, a_completed_response, a_risk_flag


@pytest.fixture(scope="module", params=["memory", "rabbitmq"])
def app(request: pytest.FixtureRequest, postgres_server: TestPostgres) -> Iterator[App]:
    if request.param == "memory":
        with toy_app(postgres_server, "memory://") as app:
            yield app
        return
    broker: PrivateBroker = request.getfixturevalue("broker_server")
    with broker.virtual_host() as url, toy_app(postgres_server, url) as app:
        yield app


def make(app: App, band: str = "minimal", **wish: Any) -> UUID:
    answer = app.person("ops").post(THINGS, {"band": band, **wish})
    return UUID(answer.json()["id"])


def inbox_row(app: App, subject: UUID, queue: str = "booking.response-completed") -> Any:
    statement = """SELECT state, attempts, due_at, error FROM inbox
                   WHERE queue = :queue AND event_id = :id"""
    (event,) = rows(app, "assessment", "SELECT id FROM outbox WHERE subject = :s", s=str(subject))
    found = rows(app, queue.split(".")[0], statement, queue=queue, id=event.id)
    return found[0] if found else None


def deliver_again(app: App, subject: UUID) -> None:
    runtime = app.runtime("assessment")
    with runtime.database.engine.begin() as connection:
        connection.execute(
            text("UPDATE outbox SET sent_at = NULL WHERE subject = :subject"),
            {"subject": str(subject)},
        )
    runtime.wake_relay(False)


def handled(queue: str) -> float:
    """How many deliveries of a queue were dealt with, however that ended."""
    samples = (each for metric in EVENTS_HANDLED.collect() for each in metric.samples)
    return sum(
        each.value
        for each in samples
        if each.name.endswith("_total") and each.labels.get("queue") == queue
    )


def due_now(app: App) -> None:
    with app.runtime("booking").database.engine.begin() as connection:
        connection.execute(text("UPDATE inbox SET due_at = now() WHERE state = 'retry'"))


def test_an_event_reaches_every_reader_with_its_loop(app: App) -> None:
    asked = str(uuid4())
    headers = {"Correlation-Id": asked}
    answer = app.person("ops").post(THINGS, {"band": "x"}, headers=headers)
    made = UUID(answer.json()["id"])

    eventually(lambda: marks(app, "booking", "read", made))
    eventually(lambda: marks(app, "reporting", "counted", made))
    (row,) = rows(
        app, "assessment", "SELECT * FROM outbox WHERE subject = :subject", subject=str(made)
    )
    assert (row.correlation_id, row.sequence, row.unit) == (asked, 1, "wh/hc")


def test_an_event_delivered_again_takes_effect_once(app: App) -> None:
    made = make(app)
    eventually(lambda: marks(app, "booking", "read", made))
    later = make(app)

    deliver_again(app, made)
    eventually(lambda: not count(app, "assessment", "outbox", "sent_at IS NULL"))
    eventually(lambda: marks(app, "booking", "read", later))
    eventually(lambda: marks(app, "reporting", "counted", later))

    assert marks(app, "booking", "read", made) == 1
    assert marks(app, "reporting", "counted", made) == 1


def test_a_failing_event_waits_in_the_inbox_and_those_behind_it_go_through(app: App) -> None:
    poison = make(app, "broken")
    behind = [make(app) for _ in range(20)]

    eventually(lambda: all(marks(app, "booking", "read", each) for each in behind))
    row = eventually(lambda: inbox_row(app, poison))
    assert (row.state, row.error) == ("retry", "RuntimeError")
    assert 1 <= row.attempts < len(RETRY_SECONDS)
    assert marks(app, "booking", "read", poison) == 0


def test_an_event_that_asks_nothing_is_noted_without_its_handler(app: App) -> None:
    passing = [make(app, "passing") for _ in range(5)]

    eventually(lambda: all(inbox_row(app, each) for each in passing))
    deliver_again(app, passing[0])
    later = make(app)
    eventually(lambda: marks(app, "booking", "read", later))

    assert {inbox_row(app, each).state for each in passing} == {"done"}
    assert not any(ToyReader.attempts[each] for each in passing)


def test_a_poison_event_is_parked_after_its_retries(app: App) -> None:
    poison = make(app, "broken")

    for attempt in range(1, len(RETRY_SECONDS) + 1):
        row = eventually(lambda: (r := inbox_row(app, poison)) and r.attempts >= attempt and r)
        assert row.state == "retry"
        due_now(app)
    row = eventually(lambda: (r := inbox_row(app, poison)) and r.state == "parked" and r)

    assert row.attempts == len(RETRY_SECONDS) + 1
    assert ToyReader.attempts[poison] == len(RETRY_SECONDS) + 1
    assert marks(app, "booking", "read", poison) == 0


def test_an_event_that_fails_once_takes_effect_at_its_retry(app: App) -> None:
    made = make(app, "once")
    eventually(lambda: inbox_row(app, made))

    due_now(app)

    eventually(lambda: marks(app, "booking", "read", made) == 1)
    assert inbox_row(app, made).state == "done"


def test_a_refused_event_is_parked_at_once(app: App) -> None:
    made = make(app, "refused")

    row = eventually(lambda: inbox_row(app, made))

    assert (row.state, row.error) == ("parked", "conflict")


def test_a_failing_batch_falls_back_to_single_events(app: App) -> None:
    made = [make(app, band) for band in ("x", "broken", "y")]

    eventually(lambda: marks(app, "reporting", "counted", made[0]))
    eventually(lambda: marks(app, "reporting", "counted", made[2]))
    waiting = "queue = 'reporting.ledger' AND state = 'retry'"
    eventually(lambda: count(app, "reporting", "inbox", waiting))
    assert marks(app, "reporting", "counted", made[1]) == 0
    assert ToyLedger.sizes


@pytest.mark.parametrize("queue", ["reporting.ledger", "booking.response-completed"])
def test_what_waits_for_its_retry_waits_on_when_it_is_delivered_again(app: App, queue: str) -> None:
    waits = make(app, "broken")
    eventually(lambda: inbox_row(app, waits, queue))
    before = handled(queue)

    deliver_again(app, waits)
    eventually(lambda: handled(queue) > before)

    assert inbox_row(app, waits, queue).state == "retry"


def a_flag_of(case: UUID) -> Envelope:
    flag = a_risk_flag(case)
    return Envelope(
        id=uuid4(),
        type=flag.type,
        subject=str(case),
        time=datetime.now(UTC),
        correlation_id=str(uuid4()),
        sequence=1,
        data=flag,
    )


def test_an_urgent_event_that_comes_past_the_broker_takes_effect_once(app: App) -> None:
    case = uuid4()
    envelope = a_flag_of(case)

    for _ in range(2):
        answer = app.service_call("POST", "booking", "/internal/v1/events", data=envelope.encode())
        assert (answer.status_code, answer.json()) == (202, {"readers": 1})

    assert marks(app, "booking", "flagged", case) == 1
    forged = app.service_call(
        "POST", "booking", "/internal/v1/events", data=envelope.encode(), caller="portal"
    )
    assert forged.status_code == 403


def test_a_long_queue_is_counted_in_batches_to_its_end(app: App) -> None:
    statement = """
        INSERT INTO outbox (id, type, subject, sequence, correlation_id, data)
        SELECT gen_random_uuid(), 'accounts.contact-changed.v1', 'long-' || n, 1, 'long-queue',
               jsonb_build_object('person', gen_random_uuid())
        FROM generate_series(1, :n) AS n"""
    with app.runtime("assessment").database.engine.begin() as connection:
        connection.execute(text(statement), {"n": PREFETCH + 500})
    app.runtime("assessment").wake_relay(False)

    long = "what = 'counted' AND subject LIKE 'long-%'"
    eventually(lambda: count(app, "reporting", "effects", long) == PREFETCH + 500, within=60)
    assert max(ToyLedger.sizes) > 100


def test_a_refused_crisis_event_is_never_parked(app: App) -> None:
    case = uuid4()
    ToyReader.refuse_flags.add(str(case))
    envelope = a_flag_of(case)
    app.service_call("POST", "booking", "/internal/v1/events", data=envelope.encode())

    for attempts in range(2, 8):
        eventually(lambda: (due_now(app), ToyReader.attempts[case] >= attempts)[1])
    ToyReader.refuse_flags.discard(str(case))

    eventually(lambda: (due_now(app), marks(app, "booking", "flagged", case))[1] == 1)


def test_an_event_of_an_unknown_type_holds_nobody_up(app: App) -> None:
    with app.runtime("assessment").database.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO outbox (id, type, subject, sequence, correlation_id, data, urgent)"
                " VALUES (gen_random_uuid(), 'assessment.of-tomorrow.v1', 's', 1, 'c', '{}', true)"
            )
        )

    made = make(app, urgent=True)

    eventually(lambda: marks(app, "booking", "flagged", made) == 1)


def test_events_of_one_subject_are_numbered_without_gaps(app: App) -> None:
    from services.chassis.unit_of_work import UnitOfWork

    subject = uuid4()
    for keep in (True, False, True, True):
        with app.runtime("assessment").unit_of_work(UnitOfWork) as uow:
            uow.publish(a_completed_response(subject))
            if keep:
                uow.commit()

    statement = "SELECT sequence FROM outbox WHERE subject = :s ORDER BY position"
    found = rows(app, "assessment", statement, s=str(subject))
    assert [row.sequence for row in found] == [1, 2, 3]
