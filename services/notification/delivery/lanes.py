"""Lanes: green threads that send, pages apart from everything else."""

import time
from collections.abc import Callable, Sequence
from queue import Empty, Full, Queue

from services.chassis.logs import get_logger
from services.notification.delivery.courier import Courier
from services.notification.delivery.domain import Claim
from services.notification.metrics import LANE_WAITING

log = get_logger()

IDLE_SECONDS = 0.5


class Lane:
    """A short queue and the threads that empty it.

    What does not fit, or waits when the process ends, is not lost: each claim has a timer.
    """

    def __init__(self, courier: Courier, *, workers: int, backlog: int) -> None:
        self.courier, self.workers = courier, workers
        self._queue: Queue[tuple[Claim, float]] = Queue(backlog)
        self._stopping = False

    def put(self, claim: Claim) -> None:
        """Have a claim sent as soon as a thread is free."""
        try:
            self._queue.put_nowait((claim, time.monotonic()))
        except Full:
            log.warning("lane-full", lane=self.courier.lane, delivery=str(claim.delivery))
        LANE_WAITING.labels(self.courier.lane).set(self._queue.qsize())

    def run(self) -> None:
        """What each thread does until the lane is stopped."""
        while not self._stopping:
            try:
                claim, claimed = self._queue.get(timeout=IDLE_SECONDS)
            except Empty:
                continue
            LANE_WAITING.labels(self.courier.lane).set(self._queue.qsize())
            self._deliver(claim, claimed)

    def stop(self) -> None:
        """Finish what is in hand; begin nothing new."""
        self._stopping = True

    def _deliver(self, claim: Claim, claimed: float) -> None:
        try:
            self.courier.deliver(claim, claimed)
        except Exception as error:
            # The claim's timer makes the next attempt.
            log.error("delivery-broken", delivery=str(claim.delivery), error=type(error).__name__)


class Lanes:
    """Pages never wait behind ordinary mail: their threads and connections are their own."""

    def __init__(self, pages: Lane, ordinary: Lane) -> None:
        self.pages, self.ordinary = pages, ordinary

    def put(self, claims: Sequence[Claim]) -> None:
        """Each claim into its lane."""
        for claim in claims:
            (self.pages if claim.urgent else self.ordinary).put(claim)

    def start(self, spawn: Callable[[Callable[[], None]], object]) -> list[object]:
        """Spawn every thread; returns them."""
        lanes = (self.pages, self.ordinary)
        return [spawn(lane.run) for lane in lanes for _ in range(lane.workers)]

    def stop(self) -> None:
        """Let every thread end."""
        self.pages.stop()
        self.ordinary.stop()
