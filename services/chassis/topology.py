"""The broker's exchanges and queues, derived from the contracts before any service starts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kombu import Exchange, Queue

from services.chassis.bus import connect
from services.contracts import public
from services.contracts.catalogue import EVENTS
from services.contracts.subscriptions import SUBSCRIPTIONS, Subscription

DEAD = "huixin.dead"


def exchange_of(event_type: str) -> str:
    """The sender's exchange."""
    return f"{event_type.split('.', 1)[0]}.events"


def dead_queue_of(queue: str) -> str:
    """Where a queue's unreadable messages go."""
    return f"{queue}.dead"


@dataclass(frozen=True)
class Topology:
    """Everything that must exist before the first event is published."""

    subscriptions: Sequence[Subscription] = SUBSCRIPTIONS

    def exchanges(self) -> list[str]:
        """One topic exchange a sender, the one to subscribers, and the one for dead letters."""
        senders = sorted({exchange_of(event_type) for event_type in EVENTS})
        return [*senders, public.EXCHANGE, DEAD]

    def queues(self) -> Iterator[Any]:
        """kombu's queues: quorum, durable, each with its bindings and its dead-letter queue."""
        dead = Exchange(DEAD, type="direct", durable=True)
        for subscription in self.subscriptions:
            yield queue_of(subscription)
            name = dead_queue_of(subscription.queue)
            yield Queue(
                name,
                dead,
                routing_key=subscription.queue,
                queue_arguments={"x-queue-type": "quorum"},
            )

    def bindings(self) -> Iterator[tuple[str, str, str]]:
        """(exchange, routing key, queue)."""
        for subscription in self.subscriptions:
            for event_type in subscription.types:
                yield exchange_of(event_type), event_type, subscription.queue

    def apply(self, url: str) -> None:
        """Declare it all; what is there already stays as it is."""
        with connect(url) as connection:
            channel = connection.channel()
            for name in self.exchanges():
                kind = "direct" if name in {DEAD, public.EXCHANGE} else "topic"
                Exchange(name, type=kind, durable=True)(channel).declare()
            for queue in self.queues():
                queue(channel).declare()
            for exchange, key, queue_name in self.bindings():
                channel.queue_bind(queue=queue_name, exchange=exchange, routing_key=key)


def queue_of(subscription: Subscription) -> Any:
    """The kombu queue of a subscription, bound to the first of its types."""
    first = subscription.types[0]
    return Queue(
        subscription.queue,
        Exchange(exchange_of(first), type="topic", durable=True),
        routing_key=first,
        queue_arguments={
            "x-queue-type": "quorum",
            "x-dead-letter-exchange": DEAD,
            "x-dead-letter-routing-key": subscription.queue,
        },
    )
