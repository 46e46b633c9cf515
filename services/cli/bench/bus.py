"""The bus rows: events from a committed outbox to an inbox row and one changed row each."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from services.apphost import SERVICES
from services.cli.bench.buscarry import Carrier, carry
from services.cli.bench.busworld import BusWorld
from services.cli.bench.ground import Ground
from services.cli.bench.row import LIMIT, OURS, Contestant, Goal, Row
from services.cli.local.environment import common_settings
from services.cli.local.ports import free_port
from services.cli.local.secretfile import SecretFile

LEDGER, ORDINARY = "reporting.ledger", "booking.response-completed"
TOYS, PEERS = "services.cli.bench.bustoys", "services.cli.bench.peers"


def _peer(name: str, width: int, *how: str) -> Carrier:
    sender, reader = ([f"{PEERS}.{name}_{side}", *how] for side in ("sender", "reader"))
    return Carrier(sender, reader, f"peer.{name}", outbox=False, width=width)


NAMEKO = _peer("nameko", 20)
BATCHED_CARRIERS = {
    OURS: Carrier([TOYS, "sender"], [TOYS, "batched"], LEDGER),
    LIMIT: Carrier([f"{PEERS}.raw_sender"], [f"{PEERS}.raw_reader"], LEDGER),
    "nameko": replace(NAMEKO, part=0.2),
}
SINGLE_CARRIERS = {
    OURS: Carrier([TOYS, "sender"], [TOYS, "single"], ORDINARY),
    "nameko": NAMEKO,
    "faststream": _peer("faststream", 20),
    "faststream-tuned": _peer("faststream", 20, "tuned"),
    "celery": replace(_peer("celery", 10), part=0.5),
}


@contextmanager
def _batched(ground: Ground) -> Iterator[Mapping[str, Contestant]]:
    with _contest(ground, LEDGER, ground.size(20_000, 1_000), BATCHED_CARRIERS) as found:
        yield found


@contextmanager
def _single(ground: Ground) -> Iterator[Mapping[str, Contestant]]:
    with _contest(ground, ORDINARY, ground.size(6_000, 300), SINGLE_CARRIERS) as found:
        yield found


@contextmanager
def _contest(
    ground: Ground, queue: str, events: int, carriers: Mapping[str, Carrier]
) -> Iterator[Mapping[str, Contestant]]:
    world = BusWorld(ground, queue, events)
    with ground.broker.virtual_host() as amqp_url:
        world.declare(amqp_url)
        settings = _settings(ground, world, amqp_url)
        yield {
            name: partial(carry, each, world, amqp_url, settings if each.sender[0] == TOYS else {})
            for name, each in carriers.items()
        }


def _settings(ground: Ground, world: BusWorld, amqp_url: str) -> dict[str, str]:
    """Of our toys: as `./huixin up` gives them, with the addresses of this row."""
    secrets = SecretFile(ground.folder / "bus.env")
    ports = {name: free_port() for name in SERVICES}
    return {
        **common_settings(secrets, ports),
        "HUIXIN_AMQP_URL": amqp_url,
        "ASSESSMENT_DATABASE_URL": world.sender_url,
        "BOOKING_DATABASE_URL": world.reader_url,
        "REPORTING_DATABASE_URL": world.reader_url,
    }


BATCHED = Row(
    name="bus-batched",
    what="outbox → quorum queue → inbox and one changed row an event, hundreds a transaction",
    unit="events/s",
    goals=(Goal(LIMIT, 0.5), Goal("nameko", 3.0)),
    contest=_batched,
    limit="hand-written loops",
)
SINGLE = Row(
    name="bus-single",
    what="outbox → quorum queue → inbox and one changed row, one transaction an event",
    unit="events/s",
    goals=(Goal("nameko", 1.2), Goal("faststream", 1.5)),
    contest=_single,
)
