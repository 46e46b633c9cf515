"""Reading from the broker: a connection per lane, acknowledged when the work is stored."""

from collections.abc import Callable, Sequence
from typing import Any

import eventlet
from eventlet.semaphore import Semaphore
from kombu import Consumer, Queue

from services.chassis.bus import connect, is_memory, let_go
from services.chassis.logs import get_logger
from services.chassis.metrics import BROKER_CONNECTED

log = get_logger()

DRAIN_SECONDS = 1.0
PAUSE_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)


class QueueReader:
    """Keeps a connection with consumers on some queues, for as long as the service runs.

    `on_message(queue, message)` is called in the reading thread, `on_idle()` whenever nothing
    came for `idle_seconds`. Messages of a lost connection come again; the inbox knows them.
    """

    def __init__(
        self,
        url: str,
        service: str,
        lane: str,
        prefetch: int,
        on_message: Callable[[str, Any], None],
        on_idle: Callable[[], None] = lambda: None,
        idle_seconds: float = DRAIN_SECONDS,
    ) -> None:
        self._url, self._service, self._lane, self._prefetch = url, service, lane, prefetch
        self._on_message, self._on_idle, self._idle_seconds = on_message, on_idle, idle_seconds
        self._writing = Semaphore()
        self._stopping = False

    def run(self, queues: Sequence[str]) -> None:
        """Until stopped: connect, read, and connect again after a pause."""
        failures = 0
        while not self._stopping:
            try:
                self._read(queues)
                failures = 0
            except Exception as error:
                pause = PAUSE_SECONDS[min(failures, len(PAUSE_SECONDS) - 1)]
                failures += 1
                log.warning("reader-waits", lane=self._lane, error=type(error).__name__)
                eventlet.sleep(pause)
            finally:
                BROKER_CONNECTED.labels(self._service, self._lane).set(0)

    def stop(self) -> None:
        """Take no more messages."""
        self._stopping = True

    def acknowledge(self, message: Any, *, multiple: bool = False) -> None:
        """Tell the broker that the message (and, on a channel of its own, all before) is done."""
        self._tell(lambda: message.ack(multiple=multiple))

    def reject(self, message: Any) -> None:
        """Send the message to the queue's dead letters."""
        self._tell(lambda: message.reject(requeue=False))

    def requeue(self, message: Any) -> None:
        """Give the message back."""
        self._tell(lambda: message.requeue())

    def _tell(self, action: Callable[[], None]) -> None:
        with self._writing:
            try:
                action()
            except Exception as error:
                log.info("message-returns", lane=self._lane, error=type(error).__name__)

    def _read(self, queues: Sequence[str]) -> None:
        connection = connect(self._url)
        try:
            channel = connection.channel()
            consumers = [self._consumer(channel, queue) for queue in queues]
            BROKER_CONNECTED.labels(self._service, self._lane).set(1)
            while not self._stopping:
                self._drain(connection)
            for consumer in consumers:
                consumer.cancel()
            self._on_idle()
        finally:
            let_go(connection, politely=self._stopping)

    def _consumer(self, channel: Any, queue: str) -> Any:
        consumer = Consumer(
            channel,
            queues=[Queue(queue, no_declare=True)],
            on_message=lambda message: self._on_message(queue, message),
            auto_declare=False,
        )
        consumer.qos(prefetch_count=self._prefetch)
        consumer.consume()
        return consumer

    def _drain(self, connection: Any) -> None:
        try:
            connection.drain_events(timeout=self._idle_seconds)
        except TimeoutError:
            self._on_idle()
        if not is_memory(self._url):
            with self._writing:
                connection.heartbeat_check(rate=2)
