"""Entry points for what is due: `@on_due` for timers set by a change, `@every` for sweeps."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import eventlet
from nameko.extensions import Entrypoint, ProviderCollector, SharedExtension
from sqlalchemy import Row, text

from services.chassis.container import HuixinWorkerContext
from services.chassis.context import Context, new_context
from services.chassis.due import DueTimer
from services.chassis.inbox import Delivery
from services.chassis.logs import get_logger
from services.chassis.metrics import (
    HEARTBEAT,
    INBOX_PARKED,
    INBOX_RETRYING,
    TIMER_DELAY_SECONDS,
    TIMERS_LATE,
)
from services.chassis.statements import postpone
from services.chassis.tracing import Kind, Span, Tracer
from services.contracts.envelope import UnreadableEvent, decode

__all__ = ["DueTimer", "every", "on_due"]

log = get_logger()

TICK_SECONDS = 0.5
MOST = 200

_DUE = text(
    """
    SELECT kind, key, due_at, payload, correlation_id,
           extract(epoch FROM now() - due_at) AS late
    FROM timers WHERE due_at <= now() AND kind = ANY(:kinds) ORDER BY due_at LIMIT :most
    """
)
_CLAIM = text(
    "SELECT 1 FROM timers WHERE kind = :kind AND key = :key AND due_at = :due_at"
    " FOR UPDATE SKIP LOCKED"
)
_THIS = "kind = %(kind)s AND key = %(key)s AND due_at = %(due_at)s"
_END = f"DELETE FROM timers WHERE {_THIS}"  # noqa: S608  # a constant
_AGAIN = (
    "UPDATE timers SET due_at = now() + make_interval(secs => %(seconds)s), attempts = 0"  # noqa: S608  # a constant
    f" WHERE {_THIS}"
)
_FAILED = text(
    """
    UPDATE timers SET attempts = attempts + 1,
           due_at = now() + make_interval(secs => least(300, power(2, least(attempts, 8))))
    WHERE kind = :kind AND key = :key AND due_at = :due_at
    """
)
_PLANT = text(
    "INSERT INTO timers (kind, key, due_at) VALUES (:kind, '', now()) ON CONFLICT DO NOTHING"
)
_RETRIES = text(
    "SELECT queue, event_id, body FROM inbox"
    " WHERE state = 'retry' AND due_at <= now() AND queue = ANY(:queues)"
    " ORDER BY due_at LIMIT :most"
)
_POSTPONE = text(
    "UPDATE inbox SET due_at = now() + interval '1 minute'"
    " WHERE queue = :queue AND event_id = :event_id AND state = 'retry'"
)
# Each by its partial index: one condition for both would read the whole inbox.
_RETRYING = text("SELECT queue, count(*) AS found FROM inbox WHERE state = 'retry' GROUP BY queue")
_PARKED = text("SELECT queue, count(*) AS found FROM inbox WHERE state = 'parked' GROUP BY queue")


class Sweeper(ProviderCollector, SharedExtension):
    """Finds due timers and inbox retries twice a second, and has each done by one worker.

    Crisis work is looked for apart: nothing that is slow can keep it from being found.
    """

    def start(self) -> None:
        """Plant the recurring timers and start looking."""
        self._stopping = False
        self._at_work: set[tuple[str, str]] = set()
        self._timers = {each.kind: each for each in self._providers if hasattr(each, "kind")}
        self._readers = {
            each.queue: each for each in self.container.entrypoints if hasattr(each, "queue")
        }
        self._threads = [
            self.container.spawn_managed_thread(partial(self._run, crisis), identifier="sweeper")
            for crisis in (True, False)
        ]

    def stop(self) -> None:
        """Look no more."""
        self._stopping = True
        for thread in self._threads:
            thread.wait()

    def _run(self, crisis: bool) -> None:
        kinds = [kind for kind, each in self._timers.items() if (each.pool == "crisis") is crisis]
        queues = [name for name, each in self._readers.items() if (each.pool == "crisis") is crisis]
        planted = False
        beat = HEARTBEAT.labels(
            self.container.service_name, f"sweep-{'crisis' if crisis else 'other'}"
        )
        while not self._stopping:
            try:
                if not planted:
                    self._plant(kinds)
                    planted = True
                self._sweep_timers(kinds, crisis)
                self._sweep_inbox(queues)
                if not crisis:
                    self._count_inbox()
                beat.set_to_current_time()
                eventlet.sleep(TICK_SECONDS)
            except Exception as error:
                log.warning("sweeper-waits", error=type(error).__name__)
                eventlet.sleep(TICK_SECONDS * 2)

    def _plant(self, kinds: list[str]) -> None:
        with self.container.runtime.database.engine.begin() as connection:
            for kind in kinds:
                if self._timers[kind].seconds is not None:
                    connection.execute(_PLANT, {"kind": kind})

    def _sweep_timers(self, kinds: list[str], crisis: bool) -> None:
        with self.container.runtime.database.reading() as connection:
            rows = connection.execute(_DUE, {"kinds": kinds, "most": MOST}).all()
        late = max((float(row.late) for row in rows), default=0.0)
        TIMERS_LATE.labels(self.container.service_name, "crisis" if crisis else "other").set(late)
        for row in rows:
            self._start((row.kind, row.key), partial(self._timers[row.kind].spawn, _timer_of(row)))

    def _sweep_inbox(self, queues: list[str]) -> None:
        with self.container.runtime.database.reading() as connection:
            rows = connection.execute(_RETRIES, {"queues": queues, "most": MOST}).all()
        for row in rows:
            body = bytes(row.body)
            try:
                delivery = Delivery(row.queue, decode(body), body, retry=True)
            except UnreadableEvent:
                self._postpone(row)
                continue
            reader = self._readers[row.queue]
            self._start((row.queue, str(row.event_id)), partial(reader.spawn, delivery))

    def _count_inbox(self) -> None:
        """For every queue, so that one that was mended goes back to zero."""
        with self.container.runtime.database.reading() as connection:
            retrying = {row.queue: row.found for row in connection.execute(_RETRYING)}
            parked = {row.queue: row.found for row in connection.execute(_PARKED)}
        service = self.container.service_name
        for queue, reader in self._readers.items():
            lane = "crisis" if reader.pool == "crisis" else "other"
            INBOX_RETRYING.labels(service, queue, lane).set(retrying.get(queue, 0))
            INBOX_PARKED.labels(service, queue).set(parked.get(queue, 0))

    def _postpone(self, row: Row[Any]) -> None:
        """An event this version cannot read waits for one that can, in nobody's way."""
        log.error("inbox-unreadable", queue=row.queue, id=str(row.event_id))
        with self.container.runtime.database.engine.begin() as connection:
            connection.execute(_POSTPONE, {"queue": row.queue, "event_id": row.event_id})

    def _start(self, key: tuple[str, str], spawn: Callable[[Callable[[], None]], None]) -> None:
        if key not in self._at_work:
            self._at_work.add(key)
            spawn(partial(self._at_work.discard, key))


def _timer_of(row: Row[Any]) -> DueTimer:
    return DueTimer(row.kind, row.key, row.due_at, row.payload, row.correlation_id)


class TimerEntrypoint(Entrypoint):
    """A handler of one kind of timer: `method(timer)`, in one transaction with the timer's end."""

    sweeper = Sweeper()

    def __init__(self, kind: str, *, pool: str = "events", seconds: float | None = None) -> None:
        super().__init__()
        self.kind, self.pool, self.seconds = kind, pool, seconds

    def setup(self) -> None:
        """Join the sweeper."""
        self.sweeper.register_provider(self)

    def stop(self) -> None:
        """Leave it."""
        self.sweeper.unregister_provider(self)

    def spawn(self, timer: DueTimer, over: Callable[[], None]) -> None:
        """Handle the timer in its pool; `over` is called when that has ended."""
        correlation = timer.correlation_id
        context = Context(correlation_id=correlation) if correlation else new_context()
        self.container.spawn_worker(
            self, (timer,), {}, context_data=context, handle_result=partial(self._after, over)
        )

    def begin_span(self, tracer: Tracer, _args: tuple[DueTimer], context: Context) -> Span | None:
        """The worker's span, in the trace of the loop that set the timer; a sweep has none."""
        if self.seconds is not None:
            return None
        return tracer.begin(context, Kind.INTERNAL, f"timer {self.kind}", {})

    def call(self, worker: HuixinWorkerContext, method: Callable[..., Any]) -> None:
        """In the worker: the timer is locked, its work done, and it ends, all or nothing."""
        timer: DueTimer = worker.args[0]
        transaction = worker.transaction
        assert transaction is not None  # noqa: S101  # timers are rows
        key = {"kind": timer.kind, "key": timer.key, "due_at": timer.due_at}
        transaction.hold()
        if transaction.connection.execute(_CLAIM, key).first() is None:
            return
        self._observe(timer)
        try:
            method(timer) if self.seconds is None else method()
            if self.seconds is None:
                postpone(transaction.connection, _END, key)
            else:
                postpone(transaction.connection, _AGAIN, {**key, "seconds": self.seconds})
            transaction.finish()
        except Exception:
            transaction.abandon()
            with self.container.runtime.database.engine.begin() as connection:
                connection.execute(_FAILED, key)
            raise

    def _observe(self, timer: DueTimer) -> None:
        lane = "crisis" if self.pool == "crisis" else "other"
        late = max(0.0, time.time() - timer.due_at.timestamp())
        TIMER_DELAY_SECONDS.labels(self.container.service_name, lane).observe(late)

    def _after(
        self, over: Callable[[], None], _worker: object, result: Any, failure: Any
    ) -> tuple[Any, Any]:
        over()
        return result, failure


def on_due(kind: str, *, pool: str = "events") -> Callable[[Any], Any]:
    """Handle timers of this kind, set with `uow.timers.set(kind, …)`; crisis work: its pool."""
    decorator: Callable[[Any], Any] = TimerEntrypoint.decorator(kind, pool=pool)
    return decorator


def every(seconds: float, name: str, *, pool: str = "events") -> Callable[[Any], Any]:
    """Run `method()` so often, in one replica at a time."""
    decorator: Callable[[Any], Any] = TimerEntrypoint.decorator(
        f"every:{name}", pool=pool, seconds=seconds
    )
    return decorator
