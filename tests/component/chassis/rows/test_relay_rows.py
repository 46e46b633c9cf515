"""One step of the relay: what it takes, what it does without the broker, and what it notes."""

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import eventlet
import msgspec
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from services.chassis import posting
from services.chassis import relay as relay_module
from services.chassis.context import Context
from services.chassis.database import Database
from services.chassis.errors import Unavailable
from services.chassis.outbox import Outgoing, store_outgoing
from services.chassis.publication import Publication
from services.chassis.publisher import BrokerAway
from services.chassis.relay import Relay, observe_outbox
from services.chassis.runtime import WakeUp
from services.contracts.envelope import CONTENT_TYPE, decode
from tests.support.apps import eventually
from tests.support.toys import a_completed_response, a_risk_flag


class FakePublisher:
    """Confirms what it is told to; `away` is a broker that cannot be reached."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.published: list[Publication] = []
        self.timeouts: list[float] = []
        self.away = False
        self.deaf_to: set[str] = set()

    def keep_alive(self) -> None:
        pass

    def publish(self, batch: Sequence[Publication], timeout: float) -> set[str]:
        self.timeouts.append(timeout)
        if self.away:
            raise BrokerAway("gone")
        self.published += batch
        return {each.id for each in batch if each.id not in self.deaf_to}


class FakePeers:
    """Takes what is posted."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, str, str, bytes, Any]] = []
        self.away = False
        self.at_once = self.most_at_once = 0

    def call(self, method: str, reader: str, path: str, *, data: bytes, headers: Any) -> None:
        if self.away:
            raise Unavailable
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        eventlet.sleep()  # lets another post begin, as a socket would
        self.at_once -= 1
        self.posted.append((method, reader, path, data, headers))


class Lane:
    """A relay over its own rows of the outbox."""

    def __init__(self, database: Database, *, urgent: bool, amqp: str = "amqp://broker") -> None:
        self.database, self.urgent = database, urgent
        self.peers = FakePeers()
        self.wake_ordinary, self.wake_urgent = WakeUp(), WakeUp()
        runtime: Any = SimpleNamespace(
            service=f"toy-{uuid4()}",
            settings=SimpleNamespace(amqp_url=amqp),
            database=database,
            peers=self.peers,
            wake_ordinary=self.wake_ordinary,
            wake_urgent=self.wake_urgent,
        )
        self.runtime = runtime
        self.relay = Relay(runtime, urgent=urgent)
        self.publisher: Any = self.relay._publisher

    def store(self, event: Any = None, **more: Any) -> UUID:
        stored = event or (a_risk_flag() if self.urgent else a_completed_response())
        context = Context("loop", **{"causation_id": "cause", "traceparent": "trace", **more})
        outgoing = Outgoing(stored, context, "wh/hc", self.urgent)
        with self.database.engine.begin() as connection:
            return store_outgoing(connection, outgoing)

    def row(self, event: UUID) -> Any:
        statement = text(
            "SELECT *, extract(epoch FROM next_attempt_at - now()) AS wait"
            " FROM outbox WHERE id = :id"
        )
        with self.database.reading() as connection:
            return connection.execute(statement, {"id": event}).one()

    def metric(self, name: str, **labels: str) -> float | None:
        return REGISTRY.get_sample_value(name, {"service": self.runtime.service, **labels})


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


def test_what_is_confirmed_is_sent_and_not_sent_again(ordinary: Lane) -> None:
    event = ordinary.store()

    assert ordinary.relay.step() == 1
    assert ordinary.relay.step() == 0

    row = ordinary.row(event)
    assert (row.sent_at is not None, row.attempts) == (True, 1)
    assert [each.id for each in ordinary.publisher.published] == [str(event)]


def test_a_publication_carries_the_whole_event_and_its_loop(ordinary: Lane) -> None:
    response = a_completed_response()
    event = ordinary.store(response)

    ordinary.relay.step()

    (sent,) = ordinary.publisher.published
    envelope = decode(sent.body)
    assert (envelope.id, envelope.data, envelope.sequence) == (event, response, 1)
    assert (envelope.correlation_id, envelope.causation_id) == ("loop", "cause")
    assert (envelope.traceparent, envelope.unit) == ("trace", "wh/hc")
    assert envelope.time == ordinary.row(event).created_at
    assert sent.type == response.type
    assert sent.headers == envelope.headers()
    assert msgspec.json.decode(sent.body)["specversion"] == "1.0"


def test_what_nothing_is_known_of_is_left_out(ordinary: Lane) -> None:
    ordinary.store(causation_id=None, traceparent=None)

    ordinary.relay.step()

    (sent,) = ordinary.publisher.published
    assert not {"causationid", "traceparent"} & set(msgspec.json.decode(sent.body))


def test_events_go_out_in_the_order_they_were_stored(ordinary: Lane) -> None:
    stored = [str(ordinary.store()) for _ in range(5)]

    ordinary.relay.step()

    assert [each.id for each in ordinary.publisher.published] == stored


def test_what_is_not_confirmed_waits_longer_each_time(ordinary: Lane) -> None:
    event, other = ordinary.store(), ordinary.store()
    ordinary.publisher.deaf_to = {str(event)}
    waits = []

    for _ in range(3):
        ordinary.relay.step()
        waits.append(ordinary.row(event).wait)
        with ordinary.database.engine.begin() as connection:
            connection.execute(text("UPDATE outbox SET next_attempt_at = now()"))

    assert [round(float(each)) for each in waits] == [1, 2, 4]
    assert ordinary.row(event).sent_at is None
    assert ordinary.row(other).sent_at is not None


def test_an_event_that_waits_is_left_alone_until_its_time(ordinary: Lane) -> None:
    event = ordinary.store()
    ordinary.publisher.deaf_to = {str(event)}
    ordinary.relay.step()

    assert ordinary.relay.step() == 0


def test_lanes_take_their_own_events(ordinary: Lane, urgent: Lane) -> None:
    ordinary.store()
    urgent.store()

    assert (ordinary.relay.step(), urgent.relay.step()) == (1, 1)
    assert ordinary.publisher.timeouts == [relay_module.CONFIRM_SECONDS]
    assert urgent.publisher.timeouts == [relay_module.URGENT_CONFIRM_SECONDS]


def test_two_replicas_never_take_the_same_row(database: Database, ordinary: Lane) -> None:
    ordinary.store()
    other = Lane(database, urgent=False)

    with database.engine.begin() as connection:
        connection.execute(text("SELECT 1 FROM outbox FOR UPDATE"))
        assert other.relay.step() == 0
    assert other.relay.step() == 1


def test_without_the_broker_an_ordinary_event_waits_untouched(ordinary: Lane) -> None:
    event = ordinary.store()
    ordinary.publisher.away = True

    with pytest.raises(BrokerAway):
        ordinary.relay.step()

    assert (ordinary.row(event).sent_at, ordinary.row(event).attempts) == (None, 0)
    assert ordinary.peers.posted == []


def test_without_the_broker_an_urgent_event_is_told_to_its_reader_at_once(urgent: Lane) -> None:
    event = urgent.store()
    urgent.publisher.away = True

    assert urgent.relay.step() == 1

    ((method, reader, path, body, headers),) = urgent.peers.posted
    assert (method, reader, path) == ("POST", "booking", "/internal/v1/events")
    assert headers == {"Content-Type": CONTENT_TYPE}
    assert decode(body).id == event
    row = urgent.row(event)
    assert (row.sent_at, row.posted_at is not None, row.attempts) == (None, True, 1)


def test_what_was_posted_is_not_posted_again_but_still_sent(urgent: Lane) -> None:
    event = urgent.store()
    urgent.publisher.away = True
    urgent.relay.step()
    urgent.publisher.away = False
    with urgent.database.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET next_attempt_at = now()"))

    urgent.relay.step()

    assert len(urgent.peers.posted) == 1
    assert urgent.row(event).sent_at is not None


def test_a_post_that_fails_is_tried_again(urgent: Lane) -> None:
    event = urgent.store()
    urgent.publisher.away = urgent.peers.away = True
    urgent.relay.step()
    assert urgent.row(event).posted_at is None

    urgent.peers.away = False
    with urgent.database.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET next_attempt_at = now()"))
    urgent.relay.step()

    assert urgent.row(event).posted_at is not None


def test_after_an_outage_urgent_events_do_not_wait_to_see_whether_it_is_over(urgent: Lane) -> None:
    urgent.store()
    urgent.publisher.away = True
    urgent.relay.step()
    urgent.publisher.away = False
    event = urgent.store()

    urgent.relay.step()

    row = urgent.row(event)
    assert (row.posted_at is not None, row.sent_at is not None) == (True, True)


def test_while_all_is_well_an_urgent_event_is_told_beside_the_broker(urgent: Lane) -> None:
    event = urgent.store()

    urgent.relay.step()

    assert urgent.row(event).sent_at is not None
    eventually(lambda: urgent.peers.posted)
    assert urgent.row(event).posted_at is None


def test_a_reader_hears_of_a_crisis_before_the_broker_has_shown_that_it_hangs(urgent: Lane) -> None:
    urgent.store()
    heard: list[int] = []

    def hang(_batch: Sequence[Publication], _timeout: float) -> set[str]:
        eventually(lambda: urgent.peers.posted)
        heard.append(len(urgent.peers.posted))
        raise BrokerAway("no confirm in time")

    urgent.publisher.publish = hang
    urgent.relay.step()

    assert heard == [1]
    assert len(urgent.peers.posted) == 1


def test_over_the_broker_in_memory_nothing_is_told_beside(database: Database) -> None:
    urgent = Lane(database, urgent=True, amqp="memory://")
    urgent.store()
    other = Lane(database, urgent=True)

    urgent.relay.step()
    other.store()
    other.relay.step()

    eventually(lambda: other.peers.posted)
    assert urgent.peers.posted == []


def test_an_urgent_event_the_broker_would_not_confirm_is_posted(urgent: Lane) -> None:
    unheard, heard = urgent.store(), urgent.store()
    urgent.publisher.deaf_to = {str(unheard)}

    urgent.relay.step()

    assert urgent.row(unheard).posted_at is not None
    assert urgent.row(heard).posted_at is None


def test_an_urgent_event_without_a_crisis_reader_counts_as_told_to_nobody(urgent: Lane) -> None:
    event = urgent.store(a_completed_response())
    urgent.publisher.away = True

    urgent.relay.step()

    assert (urgent.peers.posted, urgent.row(event).posted_at) == ([], None)


def test_an_event_of_tomorrow_waits_and_holds_nobody_up(ordinary: Lane) -> None:
    tomorrow = ordinary.store()
    with ordinary.database.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET type = 'assessment.of-tomorrow.v1'"))
    today = ordinary.store()

    assert ordinary.relay.step() == 1

    assert ordinary.row(today).sent_at is not None
    assert (ordinary.row(tomorrow).sent_at, ordinary.row(tomorrow).attempts) == (None, 1)


def test_published_and_posted_events_are_counted(ordinary: Lane, urgent: Lane) -> None:
    ordinary.store()
    ordinary.store()
    ordinary.relay.step()
    urgent.store()
    urgent.publisher.away = True
    urgent.relay.step()

    kind, flag = a_completed_response().type, a_risk_flag().type
    assert ordinary.metric("huixin_events_published_total", type=kind) == 2
    assert urgent.metric("huixin_events_posted_total", type=flag) == 1
    assert urgent.metric("huixin_events_published_total", type=flag) is None
    assert ordinary.metric("huixin_broker_connected", lane="relay-ordinary") == 1
    assert urgent.metric("huixin_broker_connected", lane="relay-urgent") == 0


def test_how_much_waits_and_how_long_is_told(ordinary: Lane) -> None:
    assert observe_outbox(ordinary.runtime) == (0, 0.0)
    ordinary.store()
    with ordinary.database.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET created_at = now() - interval '90 seconds'"))
    ordinary.store()

    waiting, oldest = observe_outbox(ordinary.runtime)

    assert (waiting, round(oldest) >= 90) == (2, True)
    assert ordinary.metric("huixin_outbox_waiting") == 2
    assert (ordinary.metric("huixin_outbox_oldest_seconds") or 0) >= 90


def test_a_lane_is_woken_by_its_own_bell(ordinary: Lane, urgent: Lane) -> None:
    assert ordinary.relay.wake is ordinary.wake_ordinary
    assert urgent.relay.wake is urgent.wake_urgent


def test_a_backlog_of_urgent_events_is_posted_a_few_at_a_time(urgent: Lane) -> None:
    for _ in range(40):
        urgent.store()
    urgent.publisher.away = True

    urgent.relay.step()

    assert len(urgent.peers.posted) == 40
    assert 1 < urgent.peers.most_at_once <= posting.AT_ONCE


def test_what_was_stored_before_the_stop_still_goes_out(ordinary: Lane) -> None:
    stored = ordinary.store()
    ordinary.relay.stop()

    ordinary.relay.run()

    assert [each.id for each in ordinary.publisher.published] == [str(stored)]
