"""Queues that come and go while the system runs: subscribers', one each, bounded."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from amqp.exceptions import NotFound as NoSuchQueue
from kombu import Exchange, Queue

from services.chassis.bus import connect, is_memory, let_go
from services.chassis.deadline import TooLate, within
from services.chassis.errors import Conflict, Unavailable
from services.contracts import public

SECONDS = 8.0
# Replay repairs what a reader that stays away too long loses from here; the counter shows the gap.
LONGEST = 100_000

T = TypeVar("T")


class BrokerUnavailable(Unavailable):
    """The broker does not answer."""

    code = "broker-unavailable"


class NeedsBroker(Conflict):
    """The embedded mode's broker lives inside one process."""

    code = "queue-needs-rabbitmq"
    title = "Queues need RabbitMQ; in the demonstration only webhooks and replay work"


class BrokerQueues:
    """Each call is a short connection of its own."""

    def __init__(self, url: str) -> None:
        self._url = url

    def ensure(self, queue: str) -> None:
        """Declare and bind it; raises BrokerUnavailable or NeedsBroker."""
        if is_memory(self._url):
            raise NeedsBroker
        self._ask(lambda channel: queue_named(queue)(channel).declare())

    def remove(self, queue: str) -> None:
        """Delete it with what it holds; raises BrokerUnavailable."""
        self._ask(lambda channel: channel.queue_delete(queue))

    def depth(self, queue: str) -> tuple[int, int] | None:
        """Messages waiting and consumers; None where there is no such queue."""

        def look(channel: Any) -> tuple[int, int] | None:
            try:
                found = channel.queue_declare(queue, passive=True)
            except NoSuchQueue:
                return None
            return found.message_count, found.consumer_count

        return self._ask(look)

    def _ask(self, question: Callable[[Any], T]) -> T:
        with self._channel() as channel:
            return question(channel)

    @contextmanager
    def _channel(self) -> Iterator[Any]:
        connection = connect(self._url)
        try:
            with within(SECONDS):
                connection.connect()
                yield connection.channel()
        except (OSError, TooLate, *connection.connection_errors) as error:
            raise BrokerUnavailable from error
        finally:
            let_go(connection, politely=False)


def queue_named(name: str) -> Any:
    """A subscriber's queue: replicated, bounded, oldest first out."""
    return Queue(
        name,
        Exchange(public.EXCHANGE, type="direct", durable=True, no_declare=True),
        routing_key=name,
        queue_arguments={
            "x-queue-type": "quorum",
            "x-max-length": LONGEST,
            "x-overflow": "drop-head",
        },
    )
