"""Spans on their way to a collector, by OpenTelemetry's library: OTLP over HTTP, in batches.

Loaded only where tracing is on. Nothing waits for it: what a collector that is away or hangs does
not take is dropped once the queue is full.
"""

import logging
from collections.abc import Sequence

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from services.chassis.deadline import TooLate, within
from services.chassis.logs import get_logger
from services.chassis.metrics import SPANS_TOLD
from services.chassis.settings import ServiceSettings
from services.chassis.traceparent import read
from services.chassis.tracing import Span

log = get_logger()

PATH = "/v1/traces"
QUEUE = 4_096
# Encoding a batch holds the loop up for a few milliseconds: so many are worth one request.
BATCH = 128
DELAY_SECONDS = 1.0
ANSWER_SECONDS = 3.0
MOST_LINKS = 128

_SAMPLED = TraceFlags(TraceFlags.SAMPLED)
_SCOPE = InstrumentationScope("huixin")
_KINDS = {kind.name: kind for kind in SpanKind}
_UNSET = Status(StatusCode.UNSET)
_ERROR = Status(StatusCode.ERROR)


class Collector(OTLPSpanExporter):
    """Counts what the collector took, and says once that it is away, and once that it is back."""

    def __init__(self, settings: ServiceSettings) -> None:
        # The library's own words would come with every batch.
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        super().__init__(
            endpoint=f"{settings.trace_endpoint}{PATH}",
            headers=settings.trace_headers,
            timeout=ANSWER_SECONDS,
        )
        self._service, self._there = settings.service, True

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send a batch; one that fails is lost."""
        result = super().export(spans)
        there = result is SpanExportResult.SUCCESS
        SPANS_TOLD.labels(self._service, "taken" if there else "lost").inc(len(spans))
        if there is not self._there:
            self._there = there
            if there:
                log.info("collector-back", service=self._service)
            else:
                log.warning("collector-away", service=self._service)
        return result


class Export:
    """The queue of one service: several services of a process keep their own names."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._resource = Resource.create(
            {"service.namespace": "huixin", "service.name": settings.service}
        )
        self._exporter = Collector(settings)
        self._processor = BatchSpanProcessor(
            self._exporter,
            max_queue_size=QUEUE,
            schedule_delay_millis=DELAY_SECONDS * 1_000,
            max_export_batch_size=BATCH,
        )

    def take(self, span: Span) -> None:
        """Queue a span that has ended."""
        self._processor.on_end(self._readable(span))

    def close(self, seconds: float) -> None:
        """Send what waits for at most so long."""
        try:
            with within(seconds):
                self._processor.shutdown()  # type: ignore[no-untyped-call]  # the library's own
        except TooLate:
            self._exporter.shutdown()  # type: ignore[no-untyped-call]  # the same

    def _readable(self, span: Span) -> ReadableSpan:
        # Past the library's tracer, which takes five times as long: ids, parent and share are ours.
        attributes = span.attributes
        if span.error:
            attributes["error.type"] = span.error
        return ReadableSpan(
            span.name,
            _named(span.trace_id, span.span_id, remote=False),
            _named(span.trace_id, span.parent_id, remote=True) if span.parent_id else None,
            self._resource,
            attributes,
            links=[Link(_named(*found, remote=True)) for found in _causes(span)],
            kind=_KINDS[span.kind],
            status=_ERROR if span.error else _UNSET,
            start_time=span.started,
            end_time=max(span.started, span.ended),
            instrumentation_scope=_SCOPE,
        )


def _causes(span: Span) -> list[tuple[str, str]]:
    return [found for found in map(read, span.links[:MOST_LINKS]) if found is not None]


def _named(trace_id: str, span_id: str, *, remote: bool) -> SpanContext:
    return SpanContext(int(trace_id, 16), int(span_id, 16), remote, _SAMPLED)
