"""The `@subscribe_batch` entrypoint: hundreds of events in one transaction, for counting."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import eventlet
from eventlet.event import Event
from nameko.extensions import Entrypoint

from services.chassis import inbox
from services.chassis.consumer import Arrival, QueueReader
from services.chassis.container import HuixinWorkerContext
from services.chassis.context import Context, new_context
from services.chassis.eventspans import begin_batch, tell_batch
from services.chassis.inbox import Delivery
from services.chassis.logs import get_logger
from services.chassis.metrics import EVENT_EFFECT_SECONDS, EVENTS_HANDLED, OUTCOMES, count_from_zero
from services.chassis.subscribe import age_of, subscription_named
from services.chassis.tracing import Span, Tracer
from services.contracts.envelope import UnreadableEvent, decode

log = get_logger()

MOST = 500
PREFETCH = 2_000
# Counting can wait a moment: a batch costs about as much as ten of its events.
IDLE_SECONDS, GATHER_SECONDS = 0.05, 0.25
STORE_AGAIN_SECONDS = 1.0


class BatchSubscription(Entrypoint):
    """A handler of one queue on a connection of its own: `method(envelopes)` gets the new ones.

    One transaction and one acknowledgement a batch. A batch that fails is tried event by event,
    so that the failing one alone waits in the inbox.
    """

    pool = "batch"

    def __init__(self, queue: str) -> None:
        super().__init__()
        self.queue = queue
        self.subscription = subscription_named(queue)
        self._waiting: list[tuple[Arrival, Delivery]] = []
        self._flush_at = 0.0

    def setup(self) -> None:
        """Let the counters begin at zero."""
        service = self.container.service_name
        count_from_zero(EVENTS_HANDLED, [service], [self.queue], OUTCOMES)
        self._took = EVENT_EFFECT_SECONDS.labels(service, self.queue)

    def start(self) -> None:
        """Connect and read."""
        settings = self.container.runtime.settings
        self._reader = QueueReader(
            settings.amqp_url,
            settings.service,
            "batch",
            PREFETCH,
            self._on_message,
            self._flush,
            IDLE_SECONDS,
        )
        run = partial(self._reader.run, [self.queue])
        self._thread = self.container.spawn_managed_thread(run, identifier="read-batch")

    def stop(self) -> None:
        """Finish the batch in hand."""
        self._reader.stop()
        self._thread.wait()

    def spawn(self, delivery: Delivery, stored: Callable[[], None]) -> None:
        """Handle one event alone: a retry, or one that came past the broker."""
        self._handle([delivery])
        stored()

    def begin_span(self, tracer: Tracer, args: tuple[Sequence[Delivery]], context: Context) -> Span:
        """The worker's span."""
        return begin_batch(tracer, args[0], self.queue, context)

    def call(self, worker: HuixinWorkerContext, method: Callable[..., Any]) -> str:
        """In the worker: inbox rows and change, all or nothing."""
        deliveries: Sequence[Delivery] = worker.args[0]
        transaction = worker.transaction
        assert transaction is not None  # noqa: S101  # a reader has a database
        transaction.hold()
        fresh = self._receive(transaction.connection, deliveries)
        if not fresh:
            return "duplicate"
        method([each.envelope for each in fresh])
        if fresh[0].retry or not transaction.kept:
            # None but these: another's row may be waiting there for its retry.
            for delivery in fresh:
                inbox.mark_done(transaction.connection, delivery)
        transaction.finish()
        return "done"

    def _receive(self, connection: Any, deliveries: Sequence[Delivery]) -> list[Delivery]:
        """Those that were not here before; a retry, while it is due and nobody else is at it."""
        if deliveries[0].retry:
            return [each for each in deliveries if inbox.receive(connection, each)]
        envelopes = [each.envelope for each in deliveries]
        fresh = {each.id for each in inbox.receive_many(connection, self.queue, envelopes)}
        once = {each.envelope.id: each for each in deliveries}
        return [each for number, each in once.items() if number in fresh]

    def _on_message(self, arrival: Arrival) -> None:
        try:
            delivery = Delivery(self.queue, decode(arrival.body), arrival.body)
            if not self._waiting:
                self._flush_at = time.monotonic() + GATHER_SECONDS
            self._waiting.append((arrival, delivery))
        except UnreadableEvent as error:
            log.error("event-unreadable", queue=self.queue, reason=str(error))
            EVENTS_HANDLED.labels(self.container.service_name, self.queue, "unreadable").inc()
            self._reader.reject(arrival)
        if len(self._waiting) >= MOST or time.monotonic() > self._flush_at:
            self._flush()

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._handle([delivery for _arrival, delivery in waiting])
            self._reader.acknowledge(*(arrival for arrival, _delivery in waiting))

    def _handle(self, deliveries: list[Delivery]) -> None:
        error = self._attempt(deliveries)
        if error is None:
            self._count("done", len(deliveries))
            for delivery in deliveries:
                self._took.observe(age_of(delivery.envelope))
        elif len(deliveries) == 1:
            self._count(self._store(deliveries[0], error), 1)
        else:
            for delivery in deliveries:
                self._handle([delivery])

    def _attempt(self, deliveries: list[Delivery]) -> BaseException | None:
        done, started, tracer = Event(), time.time_ns(), self.container.runtime.tracer
        worker = self.container.spawn_worker(
            self,
            (deliveries,),
            {},
            context_data=new_context(),
            handle_result=partial(_tell, done),
        )
        failure: BaseException | None = done.wait()
        if worker.span is not None and (failure is None or len(deliveries) == 1):
            error = "" if failure is None else inbox.failure_code(failure)
            tell_batch(tracer, deliveries, worker.span, started, error)
        return failure

    def _store(self, delivery: Delivery, error: BaseException) -> str:
        while True:
            try:
                with self.container.runtime.database.engine.begin() as connection:
                    return inbox.store_failure(connection, delivery, error)
            except Exception as fault:
                log.error("inbox-away", queue=self.queue, error=type(fault).__name__)
                eventlet.sleep(STORE_AGAIN_SECONDS)

    def _count(self, outcome: str, number: int) -> None:
        EVENTS_HANDLED.labels(self.container.service_name, self.queue, outcome).inc(number)


def _tell(done: Event, _worker: object, result: Any, failure: Any) -> tuple[Any, Any]:
    done.send(None if failure is None else failure[1])
    return result, failure


subscribe_batch = BatchSubscription.decorator
