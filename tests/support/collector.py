"""A collector of spans: OTLP over HTTP, decoded; or one that never says a word."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import eventlet
from eventlet import wsgi
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span as WireSpan

from services.apphost import SERVICES
from tests.support.city import City

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@dataclass(frozen=True)
class Told:
    """One span as a collector knows it."""

    service: str
    name: str
    kind: str
    trace_id: str
    span_id: str
    parent_id: str
    links: frozenset[str]
    attributes: dict[str, Any]
    failed: bool

    @property
    def correlation_id(self) -> str:
        """The loop it says it belongs to."""
        return str(self.attributes["huixin.correlation_id"])


class Collector:
    """What it was told since it began, decoded and as the bytes that came."""

    def __init__(self) -> None:
        self.spans: list[Told] = []
        self.bytes = b""
        self.headers: list[dict[str, str]] = []
        listener = eventlet.listen(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._thread = eventlet.spawn(wsgi.server, listener, self._take, log_output=False)

    def of(self, correlation_id: str) -> list[Told]:
        """The spans of one loop."""
        return [each for each in self.spans if each.correlation_id == correlation_id]

    def named(self, name: str, service: str = "") -> list[Told]:
        """The spans of this name."""
        return [each for each in self.spans if each.name == name and service in {"", each.service}]

    def stop(self) -> None:
        """Take no more."""
        self._thread.kill()

    def _take(self, environ: Any, start_response: Callable[..., Any]) -> list[bytes]:
        assert environ["PATH_INFO"] == "/v1/traces"
        body = environ["wsgi.input"].read()
        self.bytes += body
        self.headers.append({name: str(value) for name, value in environ.items()})
        self.spans += _decoded(ExportTraceServiceRequest.FromString(body))
        start_response("200 OK", [("Content-Type", "application/x-protobuf")])
        return [b""]


def orphans(spans: Iterable[Told]) -> list[Told]:
    """Those whose parent nobody told."""
    spans = list(spans)
    known = {(each.trace_id, each.span_id) for each in spans} | {("", "")}
    return [
        each for each in spans if each.parent_id and (each.trace_id, each.parent_id) not in known
    ]


def ancestors(span: Told, spans: Iterable[Told]) -> list[Told]:
    """The chain of its parents, nearest first."""
    known = {(each.trace_id, each.span_id): each for each in spans}
    chain = []
    while span.parent_id:
        span = known[span.trace_id, span.parent_id]
        chain.append(span)
    return chain


def _decoded(request: ExportTraceServiceRequest) -> Iterator[Told]:
    for resource in request.resource_spans:
        of_resource = _values(resource.resource.attributes)
        assert of_resource["service.namespace"] == "huixin"
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield _told(of_resource["service.name"], span)


def _told(service: str, span: WireSpan) -> Told:
    return Told(
        service=service,
        name=span.name,
        kind=WireSpan.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        links=frozenset(f"{each.trace_id.hex()}-{each.span_id.hex()}" for each in span.links),
        attributes=_values(span.attributes),
        failed=span.status.code == 2,
    )


def _values(attributes: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in attributes}


@contextmanager
def hanging_collector() -> Iterator[str]:
    """The address of one that takes every connection and never says a word."""
    listener = eventlet.listen(("127.0.0.1", 0))
    taken: list[Any] = []

    def take() -> None:
        while True:
            taken.append(listener.accept()[0])

    thread = eventlet.spawn(take)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        thread.kill()
        for each in [*taken, listener]:
            each.close()


@contextmanager
def telling(city: City, url: str) -> Iterator[None]:
    """The city's services, started again with this collector; at the end without it."""
    try:
        _start_again(city, {ENDPOINT: url, "OTEL_SERVICE_NAME": "wrong"})
        yield
    finally:
        _start_again(city, {})


def _start_again(city: City, settings: dict[str, str]) -> None:
    for each in city.services.values():
        each.terminate()
    for name in SERVICES:
        service = city.services[name]
        assert service.wait() == 0, f"{name} did not stop by itself"
        service.settings.pop(ENDPOINT, None)
        service.settings.update(settings)
    city.start()
