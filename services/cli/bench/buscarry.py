"""One contestant of a bus row carries all events once: from committed to taken effect."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import asdict, dataclass

from services.cli.bench.busprocess import BusProcess, started
from services.cli.bench.busworld import BusWorld, plain
from services.cli.bench.ground import Ground
from services.cli.bench.peers.task import VARIABLE, Task
from services.cli.bench.processes import descendants, processor_seconds
from services.cli.bench.row import Reading

STALLED_SECONDS = 30.0
LOOK_SECONDS = 0.1
MICRO = 1e6


@dataclass(frozen=True, slots=True)
class Carrier:
    """Two processes that carry events. Where `outbox` is false, the sender makes them itself."""

    sender: Sequence[str]
    reader: Sequence[str]
    queue: str
    outbox: bool = True
    # Connections, workers and prefetch of a peer, as measured best for it.
    width: int = 10
    # How many of the row's events it gets: rates are compared, and a slow one needs fewer.
    part: float = 1.0


def carry(carrier: Carrier, world: BusWorld, amqp_url: str, settings: Mapping[str, str]) -> Reading:
    """Start both, let go, wait for the last event, and count; raises CommandFailed."""
    log = world.ground.folder / "bus.log"
    world.lay_out(carrier.part)
    with ExitStack() as stack:
        sides = [
            stack.enter_context(started(command, {**settings, VARIABLE: _task(*side)}, log))
            for command, side in (
                (carrier.reader, (carrier, world, amqp_url, world.reader_url)),
                (carrier.sender, (carrier, world, amqp_url, world.sender_url)),
            )
        ]
        reader, sender = sides
        spent = _Spent(world, reader=reader, sender=sender)
        commit = _filled(world, stack) if carrier.outbox else _nothing
        before = spent.now()
        begun = time.monotonic()
        commit()
        sender.go()
        _await_last(world, sides)
        seconds = time.monotonic() - begun
        after = spent.now()
        world.check(from_outbox=carrier.outbox)
        for side in sides:
            side.terminate()
    return _reading(world.events, seconds, {name: after[name] - before[name] for name in after})


def _task(carrier: Carrier, world: BusWorld, amqp_url: str, database_url: str) -> str:
    task = Task(amqp_url, plain(database_url), carrier.queue, world.events, carrier.width)
    return json.dumps(asdict(task))


def _filled(world: BusWorld, stack: ExitStack) -> Callable[[], None]:
    connection = stack.enter_context(closing(world.stored_events()))
    commit: Callable[[], None] = connection.commit
    return commit


def _nothing() -> None:
    """A sender without an outbox has its events in memory."""


def _await_last(world: BusWorld, sides: Sequence[BusProcess]) -> None:
    """Look seldom while much is missing and often at the end; give up when nothing moves."""
    with closing(world.watching()) as connection:
        begun = moved = time.monotonic()
        seen = 0
        while (received := world.received(connection)) < world.events:
            now = time.monotonic()
            if received > seen:
                seen, moved = received, now
            for side in sides:
                if not side.runs:
                    side.fail("ended")
            if now - moved > STALLED_SECONDS:
                sides[0].fail(f"has stalled at {received} of {world.events} events")
            pace = received / (now - begun) if received else 0.0
            time.sleep(_pause((world.events - received) / pace if pace else LOOK_SECONDS))


def _pause(remaining: float) -> float:
    return min(LOOK_SECONDS, max(0.005, remaining / 3))


class _Spent:
    """Processor time by part: the two processes, PostgreSQL, RabbitMQ."""

    def __init__(self, world: BusWorld, **sides: BusProcess) -> None:
        self._sides = sides
        postgres = postgres_pid(world.ground)
        self._servers = {"postgres": postgres, "rabbitmq": world.ground.broker.pid}

    def now(self) -> dict[str, float]:
        """Seconds so far."""
        found = {name: side.processor_seconds() for name, side in self._sides.items()}
        return {**found, **{name: family_seconds(pid) for name, pid in self._servers.items()}}


def postgres_pid(ground: Ground) -> int:
    """The server's first process."""
    return int((ground.postgres.data / "postmaster.pid").read_text().splitlines()[0])


def family_seconds(pid: int) -> float:
    """Processor time of a server and of all it started."""
    while True:
        # A backend that ends while being read is then counted with its parent.
        with suppress(FileNotFoundError, ProcessLookupError):
            return processor_seconds(descendants(pid))


def _reading(events: int, seconds: float, spent: Mapping[str, float]) -> Reading:
    each = {f"{name} µs": used / events * MICRO for name, used in spent.items()}
    own = each["sender µs"] + each["reader µs"]
    return Reading(events / seconds, own, {**each, "all µs": sum(each.values())})
