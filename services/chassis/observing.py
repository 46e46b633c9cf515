"""Gauges that only a database knows: looked at by every replica, so that none goes stale."""

from collections.abc import Callable
from typing import Any

import eventlet
from nameko.extensions import DependencyProvider
from sqlalchemy import Connection

from services.chassis.auditchain import observe_chain
from services.chassis.logs import get_logger
from services.chassis.metrics import DATABASE_CONNECTIONS, DATABASE_UP, HEARTBEAT
from services.chassis.relay import observe_outbox
from services.chassis.runtime import Runtime

log = get_logger()

OBSERVE_SECONDS = 10.0
LOOK_SECONDS = 2.0

Observe = Callable[[Connection], None]


class Observer(DependencyProvider):
    """Calls `observe(connection)` every few seconds for as long as the service runs."""

    beat = "observe"

    def __init__(self, observe: Observe | None = None) -> None:
        self.observe = observe
        self._stopping = False

    def start(self) -> None:
        """Begin."""
        self._stopping = False
        self.container.spawn_managed_thread(self._run, identifier=self.beat)

    def stop(self) -> None:
        """Look no more."""
        self._stopping = True

    def _run(self) -> None:
        runtime: Runtime = self.container.runtime
        beat = HEARTBEAT.labels(runtime.service, self.beat)
        while not self._stopping:
            try:
                with runtime.database.reading() as connection:
                    assert self.observe is not None  # noqa: S101  # given, or made in setup
                    self.observe(connection)
                beat.set_to_current_time()
            except Exception as error:
                log.warning("observing-failed", error=type(error).__name__)
            eventlet.sleep(OBSERVE_SECONDS)


def look_at_database(runtime: Runtime) -> None:
    """For a scrape: what waits in the outbox, and the audit chain. A database that is away must
    not take the other metrics with it, just when they are wanted.
    """
    up = DATABASE_UP.labels(runtime.service)
    try:
        with eventlet.Timeout(LOOK_SECONDS):
            observe_outbox(runtime)
            with runtime.database.reading() as connection:
                observe_chain(connection, runtime.service)
        up.set(1)
    except (Exception, eventlet.Timeout) as error:
        up.set(0)
        log.warning("database-away", error=type(error).__name__)
    for state, number in _pool(runtime).items():
        DATABASE_CONNECTIONS.labels(runtime.service, state).set(number)


def _pool(runtime: Runtime) -> dict[str, int]:
    pool: Any = runtime.database.engine.pool
    return {"in-use": pool.checkedout(), "limit": 2 * runtime.settings.database_pool}
