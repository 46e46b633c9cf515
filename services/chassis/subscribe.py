"""The `@subscribe` entrypoint: an event takes effect once, and a failing one blocks no other."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import eventlet
from eventlet.queue import LightQueue
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, ProviderCollector, SharedExtension
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from services.chassis import inbox
from services.chassis.consumer import Arrival, QueueReader
from services.chassis.container import HuixinWorkerContext
from services.chassis.context import Context
from services.chassis.eventspans import begin_handling, context_of
from services.chassis.inbox import Delivery
from services.chassis.logs import get_logger
from services.chassis.metrics import EVENT_EFFECT_SECONDS, EVENTS_HANDLED, OUTCOMES, count_from_zero
from services.chassis.passing import Passing
from services.chassis.tracing import Span, Tracer
from services.contracts.envelope import Envelope, UnreadableEvent, decode
from services.contracts.subscriptions import SUBSCRIPTIONS, Lane, Subscription

log = get_logger()

STORE_AGAIN_SECONDS = 1.0
# Messages at hand for each worker: acknowledgements travel together and none waits for the next.
AHEAD = 4


def subscription_named(queue: str) -> Subscription:
    """The row of contracts/subscriptions.py; raises ValueError where there is none."""
    for subscription in SUBSCRIPTIONS:
        if subscription.queue == queue:
            return subscription
    raise ValueError(f"no subscription {queue!r} in the contracts")


def age_of(envelope: Envelope) -> float:
    """Seconds since the event was born, by the clocks of two machines: never below zero."""
    return max(0.0, time.time() - envelope.time.timestamp())


class _LaneReader(ProviderCollector, SharedExtension):
    """Reads all queues of one lane of a service over one connection of the lane's own."""

    lane = Lane.ORDINARY

    def start(self) -> None:
        settings = self.container.runtime.settings
        ordinary = self.lane is Lane.ORDINARY
        prefetch = AHEAD * settings.event_workers if ordinary else settings.crisis_workers
        self._reader = QueueReader(
            settings.amqp_url, settings.service, self.lane.value, prefetch, self._on_message
        )
        half = max(1, prefetch // 2)
        self._passing = Passing(self.container.runtime, half, self._reader.acknowledge)
        self._by_queue = {each.queue: each for each in self._providers}
        self._waiting: Any = LightQueue()
        run = partial(self._reader.run, sorted(self._by_queue))
        self._thread = self.container.spawn_managed_thread(run, identifier=f"read-{self.lane}")
        self._handing = self.container.spawn_managed_thread(self._hand_over)

    def unregister_provider(self, provider: Any) -> None:
        """After the last one begin nothing new; the broker gives it to another reader."""
        super().unregister_provider(provider)
        if not self._providers:
            self._handing.kill()

    def stop(self) -> None:
        """The workers are done: acknowledge what they did, and leave."""
        self._passing.stop()
        self._reader.stop()
        self._thread.wait()

    def _on_message(self, arrival: Arrival) -> None:
        try:
            envelope = decode(arrival.body)
        except UnreadableEvent as error:
            log.error("event-unreadable", queue=arrival.queue, reason=str(error))
            EVENTS_HANDLED.labels(self.container.service_name, arrival.queue, "unreadable").inc()
            self._reader.reject(arrival)
            return
        if self._by_queue[arrival.queue].concerns(envelope):
            self._waiting.put((arrival, Delivery(arrival.queue, envelope, arrival.body)))
        else:
            self._passing.put(arrival, envelope)

    def _hand_over(self) -> None:
        """Apart from reading, which must answer heartbeats while all workers are busy."""
        while True:
            arrival, delivery = self._waiting.get()
            try:
                reader = self._by_queue[arrival.queue]
                reader.spawn(delivery, partial(self._reader.acknowledge, arrival))
            except ContainerBeingKilled:
                self._reader.requeue(arrival)


class OrdinaryReader(_LaneReader):
    """The lane that most events take."""


class CrisisReader(_LaneReader):
    """The lane that waits behind nothing."""

    lane = Lane.CRISIS


def _every(_event: Envelope) -> bool:
    return True


class EventEntrypoint(Entrypoint):
    """A handler of one queue: `method(envelope)`, in one transaction with its inbox row."""

    reader: Any
    pool = "events"

    def __init__(self, queue: str, concerns: Callable[[Envelope], bool] = _every) -> None:
        super().__init__()
        self.queue, self.concerns = queue, concerns
        self.subscription = subscription_named(queue)

    def setup(self) -> None:
        """Join the lane's reader."""
        self.reader.register_provider(self)
        service = self.container.service_name
        count_from_zero(EVENTS_HANDLED, [service], [self.queue], OUTCOMES)
        self._took = EVENT_EFFECT_SECONDS.labels(service, self.queue)

    def stop(self) -> None:
        """Leave it."""
        self.reader.unregister_provider(self)

    def spawn(self, delivery: Delivery, stored: Callable[[], None]) -> None:
        """Handle the event in the lane's pool; `stored` is called when it may be forgotten."""
        self.container.spawn_worker(
            self,
            (delivery,),
            {},
            context_data=context_of(delivery.envelope),
            handle_result=partial(self._after, delivery, stored),
        )

    def begin_span(self, tracer: Tracer, args: tuple[Delivery], context: Context) -> Span:
        """The worker's span: the event's sending caused it, however long ago."""
        return begin_handling(tracer, args[0], context)

    def call(self, worker: HuixinWorkerContext, method: Callable[..., Any]) -> str:
        """In the worker: inbox row and change, all or nothing; returns what became of it."""
        delivery: Delivery = worker.args[0]
        transaction = worker.transaction
        assert transaction is not None  # noqa: S101  # a reader has a database
        transaction.hold()
        begun = transaction.connection
        try:
            if not self._receive(begun, delivery):
                return "duplicate"
            method(delivery.envelope)
            # A block that was given up took the inbox row with it.
            if delivery.retry or transaction.connection is not begun:
                inbox.mark_done(transaction.connection, delivery)
            transaction.finish()
        except DBAPIError as error:
            if not inbox.was_here_before(error):
                raise
            return "duplicate"
        return "done"

    def _receive(self, connection: Connection, delivery: Delivery) -> bool:
        """False: it was here before. A crisis event always comes twice, so that is asked first."""
        if delivery.retry or self.subscription.lane is Lane.CRISIS:
            return inbox.receive(connection, delivery)
        inbox.receive_ahead(connection, delivery)
        return True

    def _after(
        self,
        delivery: Delivery,
        stored: Callable[[], None],
        _worker: object,
        result: Any,
        failure: Any,
    ) -> tuple[Any, Any]:
        outcome = result if failure is None else self._store(delivery, failure[1])
        EVENTS_HANDLED.labels(self.container.service_name, self.queue, outcome).inc()
        if outcome == "done":
            self._took.observe(age_of(delivery.envelope))
        stored()
        return result, failure

    def _store(self, delivery: Delivery, error: BaseException) -> str:
        """Keep a failed event; while even that fails, hold on to the message and try again."""
        while True:
            try:
                with self.container.runtime.database.engine.begin() as connection:
                    crisis = self.subscription.lane is Lane.CRISIS
                    return inbox.store_failure(connection, delivery, error, crisis=crisis)
            except Exception as fault:
                log.error("inbox-away", queue=self.queue, error=type(fault).__name__)
                eventlet.sleep(STORE_AGAIN_SECONDS)


class OrdinarySubscription(EventEntrypoint):
    """A handler of the ordinary lane."""

    reader = OrdinaryReader()


class CrisisSubscription(EventEntrypoint):
    """A handler of the crisis lane."""

    reader = CrisisReader()
    pool = "crisis"


def subscribe(queue: str, *, concerns: Callable[[Envelope], bool] = _every) -> Callable[[Any], Any]:
    """Handle the events of a queue of contracts/subscriptions.py, which names its lane.

    An event that `concerns` is false for may be noted as done without asking the handler, which
    would do nothing with it.
    """
    crisis = subscription_named(queue).lane is Lane.CRISIS
    kind = CrisisSubscription if crisis else OrdinarySubscription
    decorator: Callable[[Any], Any] = kind.decorator(queue, concerns)
    return decorator
