"""A lane that runs: when it wakes, what an outage does to it, and how it ends."""

import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import eventlet
import pytest

from services.chassis import relay as relay_module
from services.chassis.database import Database
from services.chassis.relay import RelayRunner
from tests.component.chassis.rows.relay.lanes import Lane
from tests.support.apps import eventually
from tests.support.toys import a_risk_flag


@pytest.fixture
def running(ordinary: Lane, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lane]:
    """The ordinary lane at work; it looks for itself every minute, and pauses hardly at all."""
    monkeypatch.setattr(relay_module, "TICK_SECONDS", 60.0)
    monkeypatch.setattr(relay_module, "BROKER_PAUSE_SECONDS", 0.01)
    with ordinary.at_work():
        soon(lambda: connected(ordinary) is not None)
        yield ordinary


def soon(probe: Callable[[], Any]) -> None:
    eventually(probe, within=5.0)


def connected(lane: Lane) -> float | None:
    name = "urgent" if lane.urgent else "ordinary"
    return lane.metric("huixin_broker_connected", lane=f"relay-{name}")


def sent(lane: Lane) -> list[str]:
    return [each.id for each in lane.publisher.published]


def test_a_lane_sends_what_is_stored_when_it_is_woken(running: Lane) -> None:
    for _ in range(2):
        event = running.store()
        running.wake_ordinary.call()

        soon(lambda event=event: str(event) in sent(running))


def test_a_lane_looks_by_itself_from_time_to_time(
    ordinary: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "TICK_SECONDS", 0.01)
    with ordinary.at_work():
        soon(lambda: connected(ordinary) is not None)

        event = ordinary.store()

        soon(lambda: sent(ordinary) == [str(event)])


def test_what_is_stored_within_moments_travels_together(
    running: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "GATHER_SECONDS", 0.5)

    running.store()
    running.wake_ordinary.call()
    eventlet.sleep(0)
    running.store()

    soon(lambda: len(sent(running)) == 2)
    assert len(running.publisher.timeouts) == 1


def test_an_urgent_event_waits_for_no_other(urgent: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "TICK_SECONDS", 60.0)
    monkeypatch.setattr(relay_module, "GATHER_SECONDS", 60.0)
    took = []

    with urgent.at_work():
        soon(lambda: urgent.publisher.kept_alive)
        for number in range(1, 4):
            urgent.store()
            began = time.monotonic()
            urgent.wake_urgent.call()
            soon(lambda number=number: len(sent(urgent)) == number)
            took.append(time.monotonic() - began)

    assert min(took) < 0.5


def test_where_nothing_is_stored_nobody_looks_before_the_time(running: Lane) -> None:
    turns = running.publisher.kept_alive

    eventlet.sleep(0.1)

    assert running.publisher.kept_alive == turns


def test_a_broker_that_is_away_is_left_alone_for_a_while(
    ordinary: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "BROKER_PAUSE_SECONDS", 0.5)
    ordinary.publisher.away = True

    with ordinary.at_work():
        soon(lambda: connected(ordinary) == 0)
        eventlet.sleep(0.1)
        assert ordinary.publisher.kept_alive == 1


def test_an_outage_is_waited_out_by_looking_again(running: Lane) -> None:
    running.publisher.away = True
    event = running.store()
    running.wake_ordinary.call()
    soon(lambda: len(running.publisher.timeouts) > 1)
    assert (sent(running), connected(running)) == ([], 0)

    running.publisher.away = False

    soon(lambda: sent(running) == [str(event)])
    soon(lambda: connected(running) == 1)


def test_a_lane_that_works_and_one_that_waits_both_beat(ordinary: Lane, urgent: Lane) -> None:
    before = time.time()

    for lane, name in ((ordinary, "relay-ordinary"), (urgent, "relay-urgent")):
        lane.publisher.away = True
        lane.flush()
        beat = lane.metric("huixin_heartbeat_timestamp_seconds", loop=name)
        assert beat is not None
        assert beat >= before


def test_all_that_waits_goes_out_in_one_turn(
    ordinary: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "BATCH", 2)
    stored = [str(ordinary.store()) for _ in range(5)]

    ordinary.flush()

    assert sent(ordinary) == stored
    assert len(ordinary.publisher.timeouts) == 3


def test_each_turn_answers_the_brokers_heartbeats(ordinary: Lane) -> None:
    ordinary.flush()

    assert ordinary.publisher.kept_alive == 1


def test_only_the_lane_nobody_waits_for_looks_whether_the_broker_is_back(
    ordinary: Lane, urgent: Lane
) -> None:
    for lane in (ordinary, urgent):
        lane.flush()

    assert (connected(ordinary), connected(urgent)) == (1, None)
    ordinary.publisher.away = True
    ordinary.flush()
    assert connected(ordinary) == 0


class Service:
    """A container that starts threads, and what they run over."""

    def __init__(self, lane: Lane, *, has_database: bool = True) -> None:
        self.runtime = lane.runtime
        self.runtime.has_database = has_database
        self.threads: list[Any] = []

    def spawn_managed_thread(self, run: Any) -> Any:
        self.threads.append(eventlet.spawn(run))
        return self.threads[-1]


def a_runner(service: Service) -> RelayRunner:
    runner = RelayRunner()
    runner.container = service
    runner.setup()
    return runner


def test_a_service_runs_both_lanes_and_stops_when_they_have_sent_all(database: Database) -> None:
    urgent = Lane(database, urgent=True)
    service = Service(urgent)
    runner = a_runner(service)
    runner.start()
    flag = urgent.store(a_risk_flag())
    urgent.urgent = False
    response = urgent.store()

    runner.stop()

    assert [bool(thread) for thread in service.threads] == [False, False]
    assert urgent.row(flag).sent_at is not None
    assert urgent.row(response).sent_at is not None


def test_a_service_without_a_database_has_no_lane(ordinary: Lane) -> None:
    service = Service(ordinary, has_database=False)

    runner = a_runner(service)
    runner.start()
    runner.stop()

    assert service.threads == []


def test_a_service_that_never_started_stops_all_the_same(ordinary: Lane) -> None:
    service = Service(ordinary)

    a_runner(service).stop()

    assert service.threads == []


def test_a_service_that_stops_waits_for_a_lane_that_hangs_no_longer_than_for_a_confirm(
    ordinary: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "CONFIRM_SECONDS", 0.05)
    service = Service(ordinary)
    service.spawn_managed_thread = lambda _run: SimpleNamespace(wait=lambda: eventlet.sleep(30))
    runner = a_runner(service)
    runner.start()
    began = time.monotonic()

    runner.stop()

    assert time.monotonic() - began < 10
