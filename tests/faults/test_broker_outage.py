"""The broker killed, or hanging, under load: every answer is accepted, each event counts once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import eventlet
import pytest

from services.cli.local.rabbitmq import PrivateBroker
from tests.faults.test_crash_points import assert_each_exactly_once
from tests.support.apps import eventually
from tests.support.databases import Databases
from tests.support.processes import ToyCity


@pytest.fixture(scope="module")
def broker(server_folder: Path) -> Iterator[PrivateBroker]:
    folder = server_folder / "fragile"
    folder.mkdir(mode=0o755)
    broker = PrivateBroker(folder, admin_password="test-only")
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def city(postgres: Databases, broker: PrivateBroker) -> Iterator[ToyCity]:
    with broker.virtual_host() as url:
        city = ToyCity(postgres, url)
        city.start("sender", "reader", "ledger")
        yield city
        city.end()


def answers_for(city: ToyCity, seconds: float) -> int:
    """A steady load of changes from eight callers; every one is accepted."""
    made = 0
    with ThreadPoolExecutor(8) as pool, eventlet.Timeout(seconds, exception=False):
        while True:
            made += len(list(pool.map(lambda _: city.make(), range(8))))
    return made


def test_a_killed_broker_stops_nothing_but_delivery(city: ToyCity, broker: PrivateBroker) -> None:
    before = answers_for(city, 1)

    broker.kill()
    during = answers_for(city, 5)
    broker.restart()
    after = answers_for(city, 1)

    assert min(before, during, after) > 0
    assert_each_exactly_once(city)


@pytest.mark.parametrize("fault", ["killed", "hanging"])
def test_an_urgent_event_reaches_its_reader_past_a_broker_that_is(
    city: ToyCity, broker: PrivateBroker, fault: str
) -> None:
    first = city.make(urgent=True)
    eventually(lambda: str(first) in city.marks("reader", "flagged"), within=5)

    if fault == "killed":
        broker.kill()
    else:
        broker.pause()
    try:
        flagged = [city.make(urgent=True) for _ in range(3)]
        eventually(
            lambda: {str(each) for each in flagged} <= city.marks("reader", "flagged").keys(),
            within=10,
            what="urgent events arrived past the broker",
        )
    finally:
        if fault == "killed":
            broker.restart()
        else:
            broker.resume()

    assert_each_exactly_once(city)
    eventually(
        lambda: not city.query("sender", "SELECT 1 FROM outbox WHERE sent_at IS NULL"), within=60
    )
    assert set(city.marks("reader", "flagged").values()) == {1}
