"""A lane of the relay by itself, with a broker and neighbours that note what they are told."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import eventlet
from prometheus_client import REGISTRY
from sqlalchemy import text

from services.chassis.context import Context, current
from services.chassis.database import Database
from services.chassis.errors import Unavailable
from services.chassis.outbox import Outgoing, store_outgoing
from services.chassis.publication import Publication
from services.chassis.publisher import BrokerAway
from services.chassis.relay import Relay
from services.chassis.runtime import WakeUp
from services.chassis.tracing import Kind, Span, Tracer
from tests.support.toys import a_completed_response, a_risk_flag


class FakePublisher:
    """Confirms what it is told to; `away` is a broker that cannot be reached."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.published: list[Publication] = []
        self.timeouts: list[float] = []
        self.away = False
        self.kept_alive = 0
        self.deaf_to: set[str] = set()

    def keep_alive(self) -> None:
        self.kept_alive += 1

    def stands(self) -> bool:
        if self.away:
            raise BrokerAway("gone")
        return True

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
        self.contexts: list[Context | None] = []
        self.away = False
        self.at_once = self.most_at_once = 0

    def call(self, method: str, reader: str, path: str, *, data: bytes, headers: Any) -> None:
        if self.away:
            raise Unavailable
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        eventlet.sleep()  # lets another post begin, as a socket would
        self.at_once -= 1
        self.contexts.append(current())
        self.posted.append((method, reader, path, data, headers))


class NotingTracer(Tracer):
    """Keeps every trace, and notes what it is told of events: the span's name, whether posted."""

    def __init__(self) -> None:
        settings: Any = SimpleNamespace(traced_share=1.0)
        super().__init__(settings)
        self.told: list[tuple[str, bool]] = []

    def begin(self, context: Context, kind: Kind, name: str, about: Any, **more: Any) -> Span:
        self.told.append((name, about["huixin.posted"]))
        return super().begin(context, kind, name, about, **more)


class Lane:
    """A relay over its own rows of the outbox."""

    def __init__(
        self,
        database: Database,
        *,
        urgent: bool,
        amqp: str = "amqp://broker",
        tracer: NotingTracer | None = None,
        service: str = "",
    ) -> None:
        self.database, self.urgent = database, urgent
        self.peers = FakePeers()
        self.wake_ordinary, self.wake_urgent = WakeUp(), WakeUp()
        runtime: Any = SimpleNamespace(
            service=service or f"toy-{uuid4()}",
            settings=SimpleNamespace(amqp_url=amqp),
            database=database,
            peers=self.peers,
            tracer=tracer,
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

    def flush(self) -> None:
        """One turn and no more."""
        self.relay.stop()
        with eventlet.Timeout(5):
            self.relay.run()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Runs until the block ends, and then within seconds no more."""
        thread = eventlet.spawn(self.relay.run)
        try:
            yield
        finally:
            self.relay.stop()
            with eventlet.Timeout(5):
                thread.wait()

    def again(self) -> None:
        """What waits for its time is due now."""
        with self.database.engine.begin() as connection:
            connection.execute(text("UPDATE outbox SET next_attempt_at = now()"))

    def metric(self, name: str, **labels: str) -> float | None:
        return REGISTRY.get_sample_value(name, {"service": self.runtime.service, **labels})
