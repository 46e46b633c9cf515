"""nameko's container with a pool per kind of work, and a worker that an entrypoint wraps."""

import sys
import time
from collections.abc import Callable
from typing import Any

import eventlet
import structlog
from eventlet.semaphore import Semaphore
from nameko.containers import ServiceContainer, WorkerContext
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import DependencyProvider, Entrypoint

from services.chassis.context import Context, enter, new_context
from services.chassis.errors import ServiceError
from services.chassis.inbox import failure_code
from services.chassis.logs import get_logger
from services.chassis.metrics import WORKER_SECONDS, describe_build
from services.chassis.runtime import Runtime
from services.chassis.tracing import Span

log = get_logger()

POOLS = ("web", "events", "crisis", "batch")


class HuixinWorkerContext(WorkerContext):
    """A worker with its place in the loop and, where the service has a database, a transaction.

    `span` is its own where tracing is on and it is no request's: that one has a span already.
    """

    span: Span | None = None

    def __init__(
        self,
        container: "HuixinContainer",
        entrypoint: Entrypoint,
        args: Any,
        kwargs: Any,
        context: Context,
    ) -> None:
        # Without nameko's call ids: the correlation id says what belongs together.
        self.container, self.service_name = container, container.service_name
        self.service, self.entrypoint = container.service_cls(), entrypoint
        self.args, self.kwargs, self.context = args, kwargs, context
        runtime = container.runtime
        self.transaction = runtime.transaction(context) if runtime.has_database else None

    def __repr__(self) -> str:
        return f"<worker {self.service_name}.{self.entrypoint.method_name}>"


class HuixinContainer(ServiceContainer):
    """One service's container.

    HTTP, ordinary events, crisis work and counting batches each have their own places, so that
    none can take another's. An entrypoint may define `call(worker, method)` to wrap its method.
    """

    def __init__(self, service_class: type, runtime: Runtime) -> None:
        self.runtime = runtime
        super().__init__(service_class)
        describe_build(self.service_name)
        settings = runtime.settings
        sizes = (settings.web_workers, settings.event_workers, settings.crisis_workers, 4)
        self._places = {name: Semaphore(size) for name, size in zip(POOLS, sizes, strict=True)}
        self._seconds: dict[tuple[str, str], Any] = {}
        self.requests_open = 0
        self.stopping = False

    def run_worker(self, entrypoint: Entrypoint, args: Any, kwargs: Any, context: Context) -> Any:
        """Run the entrypoint's method here, once its pool has a place; its result, or it raises."""
        if self._being_killed:
            raise ContainerBeingKilled
        with self._place_of(entrypoint):
            worker = HuixinWorkerContext(self, entrypoint, args, kwargs, context)
            result, failure = self._run_worker(worker, None)
        if failure is not None:
            raise failure[1]
        return result

    def spawn_worker(
        self,
        entrypoint: Entrypoint,
        args: Any,
        kwargs: Any,
        context_data: Any = None,
        handle_result: Callable[..., Any] | None = None,
    ) -> HuixinWorkerContext:
        """Run it in a thread of its own, once its pool has a place (`pool`, by default "web")."""
        if self._being_killed:
            raise ContainerBeingKilled
        context = context_data if isinstance(context_data, Context) else new_context()
        place = self._place_of(entrypoint)
        place.acquire()
        span = self._begin_span(entrypoint, args, context)
        within = context if span is None else span.context
        worker = HuixinWorkerContext(self, entrypoint, args, kwargs, within)
        worker.span = span
        thread = eventlet.spawn(self._run_in_thread, worker, handle_result)
        self._worker_threads[worker] = thread
        thread.link(self._leave, worker, place)
        return worker

    def stop(self) -> None:
        """Take nothing new, let what runs come to its end, then close."""
        self.stopping = True
        self._worker_pool = _AllWorkers(self)
        super().stop()

    def at_work(self) -> bool:
        """Whether a worker runs, or an answer is on its way."""
        return bool(self._worker_threads or self.requests_open)

    def _place_of(self, entrypoint: Entrypoint) -> Semaphore:
        return self._places[getattr(entrypoint, "pool", "web")]

    def _begin_span(self, entrypoint: Entrypoint, args: Any, context: Context) -> Span | None:
        begin = getattr(entrypoint, "begin_span", None)
        if self.runtime.tracer is None or begin is None:
            return None
        span: Span | None = begin(self.runtime.tracer, args, context)
        return span

    def _leave(self, thread: Any, worker: HuixinWorkerContext, place: Semaphore) -> None:
        place.release()
        self._handle_worker_thread_exited(thread, worker)

    def _run_in_thread(
        self, worker: HuixinWorkerContext, handle_result: Callable[..., Any] | None
    ) -> None:
        structlog.contextvars.bind_contextvars(
            service=self.service_name,
            correlation_id=worker.context.correlation_id,
            **({} if worker.span is None else worker.span.logged()),
        )
        enter(worker.context)
        self._run_worker(worker, handle_result)

    def _run_worker(
        self, worker: HuixinWorkerContext, handle_result: Callable[..., Any] | None
    ) -> tuple[Any, Any]:
        started = time.perf_counter()
        result, failure = None, None
        try:
            self._inject_dependencies(worker)
            self._worker_setup(worker)
            result = _call(worker)
        except Exception as error:
            failure = sys.exc_info()
            _report(worker, error)
        finally:
            if worker.transaction is not None:
                worker.transaction.abandon()
        if handle_result is not None:
            result, failure = handle_result(worker, result, failure)
        outcome = "ok" if failure is None else "refused" if _refusal(failure[1]) else "failed"
        self._observe(worker.entrypoint.method_name, outcome, time.perf_counter() - started)
        if worker.span is not None:
            worker.span.end("" if failure is None else failure_code(failure[1]), _became(result))
        self._worker_result(worker, result, failure)
        self._worker_teardown(worker)
        return result, failure

    def _observe(self, entrypoint: str, outcome: str, seconds: float) -> None:
        key = (entrypoint, outcome)
        if key not in self._seconds:
            self._seconds[key] = WORKER_SECONDS.labels(self.service_name, entrypoint, outcome)
        self._seconds[key].observe(seconds)


class _AllWorkers:
    """Stands where nameko waits for its one pool."""

    def __init__(self, container: HuixinContainer) -> None:
        self._container = container

    def waitall(self) -> None:
        """Wait for every worker, and for answers on their way, within the grace period."""
        with eventlet.Timeout(self._container.runtime.settings.grace_seconds, exception=False):
            while self._container.at_work():
                eventlet.sleep(0.01)


def _call(worker: HuixinWorkerContext) -> Any:
    method = getattr(worker.service, worker.entrypoint.method_name)
    wrapped = getattr(worker.entrypoint, "call", None)
    return wrapped(worker, method) if wrapped else method(*worker.args, **worker.kwargs)


def _became(result: Any) -> dict[str, str]:
    """What an event's handler came to, `done` or `duplicate`."""
    return {"huixin.outcome": result} if isinstance(result, str) else {}


def _refusal(error: BaseException | None) -> bool:
    return isinstance(error, ServiceError) and error.status < 500


def _report(worker: HuixinWorkerContext, error: Exception) -> None:
    name = worker.entrypoint.method_name
    if _refusal(error):
        log.info("refused", entrypoint=name, code=getattr(error, "code", ""))
    else:
        log.error("worker-failed", entrypoint=name, error=type(error).__name__, exc_info=True)


class RuntimeProvider(DependencyProvider):
    """Gives an entrypoint the running service's parts."""

    def get_dependency(self, worker_ctx: object) -> Runtime:
        """The runtime."""
        runtime: Runtime = self.container.runtime
        return runtime


class SettingsProvider(DependencyProvider):
    """Gives an entrypoint its service's settings."""

    def get_dependency(self, worker_ctx: object) -> Any:
        """The settings, of the service's own class."""
        return self.container.runtime.settings


class ClockProvider(DependencyProvider):
    """Gives an entrypoint the time."""

    def get_dependency(self, worker_ctx: object) -> Any:
        """The clock."""
        return self.container.runtime.clock
