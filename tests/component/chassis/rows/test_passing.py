"""Events that ask nothing of a service: noted together, acknowledged after, held while it fails."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, text

from services.chassis import passing
from services.chassis.consumer import Arrival
from services.chassis.database import Database
from services.chassis.passing import Passing
from services.contracts.envelope import Envelope
from tests.support.apps import eventually
from tests.support.toys import an_envelope

QUEUE = "booking.response-completed"


class ShakyRuntime:
    """A service whose database is away for so many transactions."""

    service = "booking"

    def __init__(self, database: Database) -> None:
        self.away = self.commits = 0
        self.database = self.engine = self
        self._engine = database.engine

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        if self.away:
            self.away -= 1
            raise ConnectionError
        with self._engine.begin() as connection:
            yield connection
        self.commits += 1


@pytest.fixture
def runtime(database: Database, monkeypatch: pytest.MonkeyPatch) -> ShakyRuntime:
    monkeypatch.setattr(passing, "NOTE_AGAIN_SECONDS", 0.01)
    return ShakyRuntime(database)


@pytest.fixture
def told() -> list[Arrival]:
    return []


def an_event() -> tuple[Arrival, Envelope]:
    return Arrival(QUEUE, b"", 1, None), an_envelope()


def a_passing(runtime: ShakyRuntime, told: list[Arrival], most: int = 100) -> Passing:
    return Passing(runtime, most, lambda *arrivals: told.extend(arrivals))


def is_noted(runtime: ShakyRuntime, envelope: Envelope) -> bool:
    statement = text("SELECT state FROM inbox WHERE queue = :queue AND event_id = :id")
    with runtime.begin() as connection:
        found = connection.execute(statement, {"queue": QUEUE, "id": envelope.id}).scalar()
    return found == "done"


def test_what_comes_together_is_noted_with_one_commit(runtime, told):
    noting, events = a_passing(runtime, told), [an_event() for _ in range(5)]

    for arrival, envelope in events:
        noting.put(arrival, envelope)
    assert not told
    eventually(lambda: len(told) == 5)

    assert runtime.commits == 1
    assert all(is_noted(runtime, envelope) for _, envelope in events)


def test_nothing_is_acknowledged_before_it_is_noted(runtime, told):
    runtime.away = 3
    noting = a_passing(runtime, told)

    arrival, envelope = an_event()

    noting.put(arrival, envelope)
    eventually(lambda: runtime.away == 1)
    assert not told

    eventually(lambda: told)
    assert is_noted(runtime, envelope)


def test_as_many_as_the_broker_sends_wait_for_no_more(runtime, told, monkeypatch):
    monkeypatch.setattr(passing, "GATHER_SECONDS", 60)
    noting = a_passing(runtime, told, most=3)

    for _ in range(3):
        noting.put(*an_event())

    eventually(lambda: len(told) == 3)


def test_what_waits_at_the_end_is_noted_at_once(runtime, told):
    noting = a_passing(runtime, told)
    noting.put(*an_event())

    noting.stop()

    assert len(told) == 1


def test_what_cannot_be_noted_at_the_end_is_left_to_the_broker(runtime, told):
    runtime.away = 2
    noting = a_passing(runtime, told)
    noting.put(*an_event())

    noting.stop()

    assert (told, runtime.away) == ([], 1)
