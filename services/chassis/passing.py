"""Events that ask nothing of a service: noted in its inbox, many with one commit."""

from collections import defaultdict
from collections.abc import Callable

import eventlet

from services.chassis import inbox
from services.chassis.consumer import Arrival
from services.chassis.logs import get_logger
from services.chassis.metrics import EVENTS_HANDLED
from services.chassis.runtime import Runtime
from services.contracts.envelope import Envelope

log = get_logger()

# By queue.
Waiting = dict[str, list[tuple[Arrival, Envelope]]]

GATHER_SECONDS = 0.02
NOTE_AGAIN_SECONDS = 1.0


class Passing:
    """Takes events that no worker is needed for; `acknowledge` is called once they are noted.

    `most` are noted without waiting for more: the broker sends no others before.
    """

    def __init__(self, runtime: Runtime, most: int, acknowledge: Callable[..., None]) -> None:
        self._runtime, self._most, self._acknowledge = runtime, most, acknowledge
        self._waiting: Waiting = defaultdict(list)

    def put(self, arrival: Arrival, envelope: Envelope) -> None:
        """Note it in a moment, with those that come meanwhile."""
        waiting = sum(map(len, self._waiting.values()))
        self._waiting[arrival.queue].append((arrival, envelope))
        if waiting + 1 == self._most:
            eventlet.spawn_n(self.note)
        elif waiting == 0:
            eventlet.spawn_after(GATHER_SECONDS, self.note)

    def note(self) -> None:
        """Note what waits; while the database is away, hold on to it and try again."""
        waiting = self._taken()
        while waiting and not self._noted(waiting):
            eventlet.sleep(NOTE_AGAIN_SECONDS)
        self._acknowledge_all(waiting)

    def stop(self) -> None:
        """Note what waits, if that can be done at once; else the broker gives it to another."""
        waiting = self._taken()
        if waiting and self._noted(waiting):
            self._acknowledge_all(waiting)

    def _taken(self) -> Waiting:
        waiting, self._waiting = self._waiting, defaultdict(list)
        return waiting

    def _acknowledge_all(self, waiting: Waiting) -> None:
        for queue, events in waiting.items():
            self._acknowledge(*(arrival for arrival, _ in events))
            EVENTS_HANDLED.labels(self._runtime.service, queue, "passed").inc(len(events))

    def _noted(self, waiting: Waiting) -> bool:
        try:
            with self._runtime.database.engine.begin() as connection:
                for queue, events in waiting.items():
                    inbox.receive_many(connection, queue, [envelope for _, envelope in events])
        except Exception as fault:
            log.error("inbox-away", queues=sorted(waiting), error=type(fault).__name__)
            return False
        return True
