"""Reading from the broker: a connection per lane, acknowledged when the work is stored."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import eventlet
from eventlet.semaphore import Semaphore

from services.chassis.acknowledging import Acknowledgements
from services.chassis.bus import connect, is_memory, let_go, read_ahead
from services.chassis.logs import get_logger
from services.chassis.metrics import BROKER_CONNECTED, HEARTBEAT

log = get_logger()

DRAIN_SECONDS = 1.0
HEARTBEAT_CHECK_SECONDS = 1.0
# What is done within this time is acknowledged together: a tenth of the broker's work an event.
GATHER_SECONDS = 0.01
PAUSE_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as it came."""

    queue: str
    body: bytes
    tag: Any
    told: Acknowledgements


class QueueReader:
    """Keeps a connection with consumers on some queues, for as long as the service runs.

    `on_message(arrival)` is called in the reading thread, `on_idle()` whenever nothing came for
    `idle_seconds`. Messages of a lost connection come again; the inbox knows them.
    """

    def __init__(
        self,
        url: str,
        service: str,
        lane: str,
        prefetch: int,
        on_message: Callable[[Arrival], None],
        on_idle: Callable[[], None] = lambda: None,
        idle_seconds: float = DRAIN_SECONDS,
    ) -> None:
        self._url, self._service, self._lane, self._prefetch = url, service, lane, prefetch
        self._on_message, self._on_idle, self._idle_seconds = on_message, on_idle, idle_seconds
        self._writing = Semaphore()
        self._untold: set[Acknowledgements] = set()
        self._beat_at = 0.0
        self._beat = HEARTBEAT.labels(service, f"read-{lane}")
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

    def acknowledge(self, *arrivals: Arrival) -> None:
        """Tell the broker, in a moment, that these are done."""
        if not self._untold:
            eventlet.spawn_after(GATHER_SECONDS, self._tell_all)
        for each in arrivals:
            each.told.done(each.tag)
            self._untold.add(each.told)

    def reject(self, arrival: Arrival) -> None:
        """Send the message to the queue's dead letters."""
        self._give_back(arrival, requeue=False)

    def requeue(self, arrival: Arrival) -> None:
        """Give the message back."""
        self._give_back(arrival, requeue=True)

    def _give_back(self, arrival: Arrival, *, requeue: bool) -> None:
        arrival.told.gone(arrival.tag)
        self._tell(lambda: arrival.told.channel.basic_reject(arrival.tag, requeue=requeue))

    def _tell_all(self) -> None:
        untold, self._untold = self._untold, set()
        for each in untold:
            self._tell(each.tell)

    def _tell(self, action: Callable[[], None]) -> None:
        with self._writing:
            try:
                action()
            except Exception as error:
                log.info("message-returns", lane=self._lane, error=type(error).__name__)

    def _read(self, queues: Sequence[str]) -> None:
        connection = connect(self._url)
        try:
            channels = [self._consume(connection, queue) for queue in queues]
            BROKER_CONNECTED.labels(self._service, self._lane).set(1)
            while not self._stopping:
                self._drain(connection)
            for queue, channel in zip(queues, channels, strict=True):
                channel.basic_cancel(queue)
            self._on_idle()
            self._tell_all()
        finally:
            let_go(connection, politely=self._stopping)

    def _consume(self, connection: Any, queue: str) -> Any:
        """A channel of the queue's own: only there may one acknowledgement stand for many."""
        channel = connection.channel()
        in_memory = is_memory(self._url)
        if not in_memory:
            read_ahead(connection)
            channel.auto_decode = False
        # kombu's in-memory transport takes a multiple acknowledgement for that of one message.
        told = Acknowledgements(channel, multiple=not in_memory)

        def on_message(message: Any) -> None:
            told.came(message.delivery_tag)
            # A message without a byte comes as an empty text.
            body = bytes(message.body or b"")
            self._on_message(Arrival(queue, body, message.delivery_tag, told))

        channel.basic_qos(0, self._prefetch, False)
        channel.basic_consume(queue, no_ack=False, callback=on_message, consumer_tag=queue)
        return channel

    def _drain(self, connection: Any) -> None:
        try:
            connection.drain_events(timeout=self._idle_seconds)
        except TimeoutError:
            self._on_idle()
        if time.monotonic() > self._beat_at:
            self._beat_at = time.monotonic() + HEARTBEAT_CHECK_SECONDS
            self._beat.set_to_current_time()
            if not is_memory(self._url):
                with self._writing:
                    connection.heartbeat_check(rate=2)
