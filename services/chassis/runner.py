"""Runs services in this process until a signal asks them to stop."""

import signal
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import eventlet
from eventlet.event import Event
from sqlalchemy.exc import SQLAlchemyError

from services.chassis.bus import is_memory, nothing_queued
from services.chassis.container import HuixinContainer
from services.chassis.database import Database
from services.chassis.logs import get_logger
from services.chassis.memory import spare_what_stays
from services.chassis.reconcile import send_unrecorded_again
from services.chassis.runtime import Runtime, build_runtime

log = get_logger()

RECONCILE_SECONDS = 30.0


class Runner:
    """The containers of one process; in the embedded mode all services, else one."""

    def __init__(self, service_classes: Sequence[Any], environ: Mapping[str, str]) -> None:
        runtimes = [build_runtime(each, environ) for each in service_classes]
        self.containers = [
            HuixinContainer(service, runtime)
            for service, runtime in zip(service_classes, runtimes, strict=True)
        ]
        self._over = Event()

    @property
    def runtimes(self) -> dict[str, Runtime]:
        """The runtimes by service name."""
        return {each.service_name: each.runtime for each in self.containers}

    @property
    def databases(self) -> dict[str, Database]:
        """The databases by service name."""
        return {
            name: runtime.database
            for name, runtime in self.runtimes.items()
            if runtime.has_database
        }

    def start(self) -> None:
        """Start every service; returns when they serve."""
        if self._in_memory():
            send_unrecorded_again(self.databases, age_seconds=0)
            eventlet.spawn(self._reconcile)
        for container in self.containers:
            if container.runtime.tracer is not None:
                container.runtime.tracer.start()
            container.start()
            eventlet.spawn(self._watch, container)
            log.info("service-started", service=container.service_name)

    def stop(self) -> None:
        """Stop them all at once, gracefully; may be called again."""
        pool = eventlet.GreenPool()
        for container in self.containers:
            pool.spawn(_stop, container)
        pool.waitall()
        for container in self.containers:
            container.runtime.close()
        if not self._over.ready():
            self._over.send(None)

    def stop_on_signals(self) -> None:
        """SIGTERM and SIGINT start a graceful stop; a second one ends at once."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def wait(self) -> None:
        """Until everything has stopped; raises what a service died of."""
        self._over.wait()

    def _in_memory(self) -> bool:
        return any(is_memory(each.settings.amqp_url) for each in self.runtimes.values())

    def _reconcile(self) -> None:
        while True:
            self._over.wait(timeout=RECONCILE_SECONDS)
            if self._over.ready():
                return
            if not nothing_queued():
                continue  # what waits in memory is not forgotten
            try:
                send_unrecorded_again(self.databases, age_seconds=RECONCILE_SECONDS)
            except SQLAlchemyError as error:
                log.warning("reconcile-waits", error=type(error).__name__)

    def _on_signal(self, number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        log.info("stopping", signal=signal.Signals(number).name)
        eventlet.spawn_n(self.stop)

    def _watch(self, container: HuixinContainer) -> None:
        try:
            container.wait()
        except Exception as error:
            log.error("service-died", service=container.service_name, exc_info=True)
            if not self._over.ready():
                self._over.send_exception(error)


def _stop(container: HuixinContainer) -> None:
    container.stop()
    if container.runtime.tracer is not None:
        container.runtime.tracer.stop()


def run_services(
    service_classes: Sequence[Any],
    environ: Mapping[str, str],
    when_ready: Callable[[Runner], None] | None = None,
) -> None:
    """Run until a signal; `when_ready` is called once they serve."""
    runner = Runner(service_classes, environ)
    runner.stop_on_signals()
    runner.start()
    spare_what_stays()
    if when_ready is not None:
        when_ready(runner)
    runner.wait()
