"""At the broker from outside: a tap, a subscriber that never reads, events sent again or late."""

import random
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from kombu import Connection, Exchange, Queue

from services.chassis.topology import Topology
from services.contracts.subscriptions import readers_of
from tests.support.tap import Heard, faults_of

TAP, FULL, HELD = "outside.tap", "outside.full", "outside.held"
KEPT = 3_000
FULL_AT = 20
SECONDS = 5.0


class Outside:
    """One administrator's connection at a time, straight to the broker."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._heard: deque[tuple[str, bytes, dict[str, Any]]] = deque(maxlen=KEPT)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self.planted: Counter[str] = Counter()
        self.crossed: Counter[str] = Counter()
        self.unlike: list[str] = []

    def start(self) -> None:
        """Tap every exchange, so that there is something to send again."""
        with self._channel() as channel:
            self._declare(channel, TAP, {"x-max-length": KEPT})
        self._thread.start()

    def stop(self) -> None:
        """Tap no more."""
        self._over.set()
        self._thread.join(SECONDS * 3)

    def send_again(self, number: int, dice: random.Random) -> int:
        """Old and new events in any order, up to three times each, to all who read them."""
        heard = list(self._heard)
        chosen = dice.sample(heard, min(number, len(heard)))
        copies = [each for each in chosen for _ in range(dice.randint(1, 3))]
        dice.shuffle(copies)
        with self._channel() as channel:
            for kind, body, headers in copies:
                for subscription in readers_of(kind):
                    _publish(channel, subscription.queue, body, headers)
        return len(copies)

    def plant_unreadable(self, queue: str, number: int) -> None:
        """What no version can read: it has to end among the queue's dead letters."""
        with self._channel() as channel:
            for each in range(number):
                _publish(channel, queue, f"planted {each}".encode() if each else b"", {})
        self.planted[queue] += number

    def hold_back(self, queue: str) -> None:
        """From now on the queue's events go elsewhere."""
        with self._channel() as channel:
            self._make(channel, HELD, {})
            for exchange, key in _bindings_of(queue):
                channel.queue_bind(queue=HELD, exchange=exchange, routing_key=key)
            for exchange, key in _bindings_of(queue):
                channel.queue_unbind(queue=queue, exchange=exchange, routing_key=key)

    def let_go(self, queue: str, dice: random.Random) -> int:
        """What was held back arrives, late and in another order; returns how many events."""
        with self._channel() as channel:
            for exchange, key in _bindings_of(queue):
                channel.queue_bind(queue=queue, exchange=exchange, routing_key=key)
            for exchange, key in _bindings_of(queue):
                channel.queue_unbind(queue=HELD, exchange=exchange, routing_key=key)
            held = list(_all_of(channel, HELD))
            dice.shuffle(held)
            for message in held:
                _publish(channel, queue, bytes(message.body), dict(message.headers or {}))
            channel.queue_delete(HELD)
        return len(held)

    def subscribe_without_reading(self) -> None:
        """As another system's queue: it drops its oldest when it is full, and hurts nobody."""
        with self._channel() as channel:
            self._declare(channel, FULL, {"x-max-length": FULL_AT, "x-overflow": "drop-head"})

    def unsubscribe(self) -> int:
        """Returns how full its queue was."""
        with self._channel() as channel:
            depth = int(channel.queue_declare(FULL, passive=True).message_count)
            channel.queue_delete(FULL)
        return depth

    def depths(self, queues: Sequence[str]) -> dict[str, int]:
        """Messages that wait in queues; those being handled are not among them."""
        with self._channel() as channel:
            return {
                name: int(channel.queue_declare(name, passive=True).message_count)
                for name in queues
            }

    def dead_letters(self, queues: Sequence[str]) -> list[tuple[str, bytes]]:
        """(queue, body) of each, without taking them away."""
        with self._channel() as channel:
            return [
                (queue, bytes(message.body or b""))
                for queue in queues
                for message in _all_of(channel, queue, take=False)
            ]

    def _declare(self, channel: Any, name: str, arguments: dict[str, Any]) -> None:
        self._make(channel, name, arguments)
        for exchange in Topology().exchanges():
            if exchange.endswith(".events"):
                channel.queue_bind(queue=name, exchange=exchange, routing_key="#")

    def _make(self, channel: Any, name: str, arguments: dict[str, Any]) -> None:
        Queue(name, durable=True, queue_arguments=arguments)(channel).declare()

    def _listen(self) -> None:
        while not self._over.is_set():
            with suppress(Exception), self._connection() as connection:
                tap = Queue(TAP, no_declare=True)
                with connection.Consumer([tap], callbacks=[self._hear], auto_declare=False):
                    while not self._over.is_set():
                        with suppress(TimeoutError):
                            connection.drain_events(timeout=1)
            self._over.wait(1)

    def _hear(self, _body: Any, message: Any) -> None:
        kind = message.delivery_info["routing_key"]
        body, headers = bytes(message.body), dict(message.headers or {})
        self._heard.append((kind, body, headers))
        self.crossed[kind] += 1
        exchange, said = message.delivery_info["exchange"], dict(message.properties)
        said["content_type"] = message.content_type
        self.unlike += faults_of(Heard(exchange, kind, body, headers, said))
        message.ack()

    def _connection(self) -> Any:
        return Connection(self._url, connect_timeout=SECONDS)

    @contextmanager
    def _channel(self) -> Iterator[Any]:
        with self._patient() as connection, connection.channel() as channel:
            yield channel

    def _patient(self) -> Any:
        ends = time.monotonic() + SECONDS * 4
        while True:
            connection = self._connection()
            try:
                return connection.connect() and connection
            except OSError:
                if time.monotonic() > ends:
                    raise
                time.sleep(0.3)


def _bindings_of(queue: str) -> list[tuple[str, str]]:
    return [(exchange, key) for exchange, key, name in Topology().bindings() if name == queue]


def _publish(channel: Any, queue: str, body: bytes, headers: dict[str, Any]) -> None:
    message = channel.prepare_message(body, headers=headers, properties={"delivery_mode": 2})
    channel.basic_publish(message, exchange=Exchange("").name, routing_key=queue)


def _all_of(channel: Any, queue: str, *, take: bool = True) -> Iterator[Any]:
    found = []
    while (message := channel.basic_get(queue, no_ack=take)) is not None:
        found.append(message)
        yield message
    if not take:
        for message in found:
            channel.basic_reject(message.delivery_tag, requeue=True)
