"""Spans: what each step of a loop took, told to a collector where the settings name one.

Where none is named, `Runtime.tracer` is None: nothing is measured, and a `traceparent` that comes
is passed on. A span says names, kinds and ids of loops and events: no person, path, query, body or
message of an error.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from time import time_ns
from typing import TYPE_CHECKING

from services.chassis.context import Context, current, new_context
from services.chassis.settings import ServiceSettings
from services.chassis.traceparent import is_sampled, new_span_id, read, trace_id_of, write

if TYPE_CHECKING:
    from services.chassis.exporting import Export

Attributes = Mapping[str, str | int | bool]

CORRELATION = "huixin.correlation_id"
METHOD, ROUTE, STATUS = "http.request.method", "http.route", "http.response.status_code"
LOGGED = ("trace_id", "span_id")
STOP_SECONDS = 2.0


class Kind(StrEnum):
    """What a span stands for, in OpenTelemetry's words."""

    SERVER = "SERVER"
    CLIENT = "CLIENT"
    PRODUCER = "PRODUCER"
    CONSUMER = "CONSUMER"
    INTERNAL = "INTERNAL"


class Span:
    """A step that has begun; `context` is for what it causes. Without `export` it has ids only."""

    __slots__ = (
        "attributes",
        "context",
        "ended",
        "error",
        "export",
        "kind",
        "links",
        "name",
        "parent_id",
        "span_id",
        "started",
        "trace_id",
    )

    def __init__(self, context: Context, trace_id: str, span_id: str) -> None:
        self.context, self.trace_id, self.span_id = context, trace_id, span_id
        self.export: Export | None = None
        self.name, self.kind, self.error = "", Kind.INTERNAL, ""
        self.parent_id: str | None = None
        self.links: Sequence[str] = ()
        self.attributes: dict[str, str | int | bool] = {}
        self.started = self.ended = 0

    def logged(self) -> dict[str, str]:
        """What log lines say about it."""
        return dict(zip(LOGGED, (self.trace_id, self.span_id), strict=True))

    def end(self, error: str = "", more: Attributes | None = None) -> None:
        """It is over; `error` is a type or a code, `more` attributes that are known only now."""
        if self.export is None:
            return
        self.ended, self.error = time_ns(), error
        self.attributes.update(more or {})
        self.export.take(self)


class Tracer:
    """Begins the spans of one service. A trace is kept whole or not at all, by its id."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._settings = settings
        self._export: Export | None = None

    def start(self) -> None:
        """Tell the collector from here on."""
        # Here, because OpenTelemetry's library costs memory and time at the start.
        from services.chassis.exporting import Export

        self._export = Export(self._settings)

    def stop(self) -> None:
        """Tell what waits, for a moment; whether the collector took it holds nobody up."""
        if self._export is not None:
            self._export.close(STOP_SECONDS)

    def keeps(self, trace_id: str) -> bool:
        """Whether spans of this trace are told."""
        return is_sampled(trace_id, self._settings.traced_share)

    def begin(
        self,
        context: Context,
        kind: Kind,
        name: str,
        attributes: Attributes,
        *,
        links: Sequence[str] = (),
        span_id: str = "",
        started: int = 0,
    ) -> Span:
        """A span of the context's loop: under the span it names, or linked to one of elsewhere.

        `links` are traceparents; `started` is in nanoseconds since 1970, by default now.
        """
        trace_id, cause = trace_id_of(context.correlation_id), read(context.traceparent)
        sampled, span_id = self.keeps(trace_id), span_id or new_span_id()
        within = context.under(write(trace_id, span_id, sampled=sampled))
        span = Span(within, trace_id, span_id)
        if not sampled or self._export is None:
            return span
        if cause is not None and cause[0] == trace_id:
            span.parent_id = cause[1]
        elif context.traceparent is not None and cause is not None:
            links = [context.traceparent, *links]
        span.export, span.name, span.kind, span.links = self._export, name, kind, links
        span.attributes = {CORRELATION: context.correlation_id, **attributes}
        span.started = started or time_ns()
        return span


def tracer_of(settings: ServiceSettings) -> Tracer | None:
    """None where the settings name no collector."""
    return Tracer(settings) if settings.trace_endpoint else None


class Call:
    """A call to another service: the headers that continue the loop there, and its status."""

    def __init__(self, context: Context | None) -> None:
        self.headers: dict[str, str] = {}
        self.status = 0
        if context is not None:
            self.headers["Correlation-Id"] = context.correlation_id
            if context.traceparent:
                self.headers["traceparent"] = context.traceparent


@contextmanager
def calling(tracer: Tracer | None, method: str, peer: str) -> Iterator[Call]:
    """Call a peer as part of the step this green thread works at; the block sets the status."""
    if tracer is None:
        yield Call(current())
        return
    attributes = {METHOD: method, "server.address": peer}
    span = tracer.begin(current() or new_context(), Kind.CLIENT, f"{method} {peer}", attributes)
    call = Call(span.context)
    try:
        yield call
    except Exception as error:
        span.end(type(error).__name__)
        raise
    failed = str(call.status) if call.status >= 400 else ""
    span.end(failed, {STATUS: call.status})
