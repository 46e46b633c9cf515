"""The bus rows carry every event once, by each of the ways they compare, and notice where one
does not; their speed is not looked at here."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, text

from services.cli.bench import bus, rebuild
from services.cli.bench.buscarry import Carrier, carry
from services.cli.bench.busworld import BusWorld
from services.cli.bench.ground import Ground
from services.cli.bench.peers.task import documents
from services.cli.bench.rebuildledger import check, filled
from services.cli.bench.rebuildviews import Views
from services.cli.errors import CommandFailed
from services.cli.local.rabbitmq import PrivateBroker
from services.contracts.envelope import decode, encode_structured
from tests.support.databases import TestPostgres

EVENTS = 40


@pytest.fixture(scope="module")
def ground(
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: TestPostgres,
    broker_server: PrivateBroker,
) -> Ground:
    """The tests' servers in place of the bench's own."""
    found = Ground(tmp_path_factory.mktemp("bench"), quick=True)
    found.__dict__.update(postgres=postgres_server.server, broker=broker_server)
    return found


@pytest.fixture(scope="module")
def amqp_url(broker_server: PrivateBroker) -> Iterator[str]:
    with broker_server.virtual_host() as url:
        yield url


def run(ground: Ground, amqp_url: str, carrier: Carrier, queue: str) -> None:
    world = BusWorld(ground, queue, EVENTS)
    world.declare(amqp_url)
    settings = bus._settings(ground, world, amqp_url) if carrier.sender[0] == bus.TOYS else {}
    reading = carry(carrier, world, amqp_url, settings)
    assert reading.value > 0


@pytest.mark.parametrize("name", ["ours", "limit"])
def test_every_way_in_batches_carries_each_event_once(
    ground: Ground, amqp_url: str, name: str
) -> None:
    run(ground, amqp_url, bus.BATCHED_CARRIERS[name], bus.LEDGER)


@pytest.mark.parametrize("name", ["ours", "nameko", "faststream", "celery"])
def test_every_way_one_by_one_carries_each_event_once(
    ground: Ground, amqp_url: str, name: str
) -> None:
    few = replace(bus.SINGLE_CARRIERS[name], width=2, part=1.0)
    run(ground, amqp_url, few, bus.ORDINARY)


@pytest.mark.parametrize(
    "planted",
    [
        "UPDATE marks SET times = 2 WHERE response = (SELECT response FROM marks LIMIT 1)",
        "UPDATE marks SET times = 0 WHERE response = (SELECT response FROM marks LIMIT 1)",
        "DELETE FROM inbox WHERE event_id = (SELECT event_id FROM inbox LIMIT 1)",
    ],
)
def test_an_event_that_took_effect_twice_or_never_fails_the_row(
    ground: Ground, planted: str
) -> None:
    world = BusWorld(ground, bus.LEDGER, EVENTS)
    world.lay_out(1.0)
    engine = create_engine(world.reader_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE marks SET times = 1"))
        connection.execute(text("INSERT INTO inbox SELECT 'q', response FROM marks"))
    world.check(from_outbox=False)

    with engine.begin() as connection:
        connection.execute(text(planted))
    engine.dispose()

    with pytest.raises(CommandFailed, match=f"of {EVENTS} events"):
        world.check(from_outbox=False)


def test_an_event_left_in_the_outbox_fails_the_row(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.cli.bench.busworld.SETTLE_SECONDS", 0.0)
    world = BusWorld(ground, bus.LEDGER, EVENTS)
    world.stored_events().commit()

    with pytest.raises(CommandFailed, match=f"{EVENTS} events were not marked as sent"):
        world._check_outbox()


def test_peers_send_what_our_own_wire_carries() -> None:
    first, second = documents(2)
    data = first.pop("data")

    envelope = decode(encode_structured(first, data))

    assert envelope.subject == data["response"]
    assert first["id"] != second["id"]


def test_a_ledger_is_filled_counted_and_shown(ground: Ground) -> None:
    url = filled(ground, 3_000)
    rebuild._rebuild(url)
    check(url)
    views = Views(url)

    views.check()
    views.read()
    views.close()

    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE counters SET value = value + 1 WHERE code = 'offers-made'"))
    engine.dispose()
    with pytest.raises(CommandFailed, match="the counters say"):
        check(url)
