"""One loop is one trace: over HTTP, events, batches and timers, several services in one process."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from services.chassis.context import Context
from services.chassis.traceparent import trace_id_of
from services.chassis.unit_of_work import UnitOfWork
from tests.component.chassis.conftest import toy_app
from tests.support.apps import App, eventually
from tests.support.collector import Collector, Told, ancestors, orphans
from tests.support.servers import TestPostgres
from tests.support.toys import THINGS, a_completed_response

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    collector = Collector()
    yield collector
    collector.stop()


@pytest.fixture(scope="module")
def traced(postgres_server: TestPostgres, collector: Collector) -> Iterator[App]:
    settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_SERVICE_NAME": "wrong"}
    with toy_app(postgres_server, "memory://", **settings) as app:
        yield app


def make(app: App, band: str = "minimal", **more: Any) -> Any:
    headers = more.pop("headers", {})
    worker = app.person("ops", unit="wh")
    return worker.post(THINGS, {"band": band, **more}, headers=headers)


def told(collector: Collector, loop: str, *names: str) -> list[Told]:
    def found() -> list[Told]:
        spans = collector.of(loop)
        return spans if {each.name for each in spans} >= set(names) else []

    return eventually(found, what=f"{names} of {loop}; told: {[s.name for s in collector.spans]}")


def test_a_change_its_event_and_its_readers_are_one_trace_without_a_gap(
    traced: App, collector: Collector
) -> None:
    loop = make(traced).headers["Correlation-Id"]

    publish = "publish assessment.response-completed.v1"
    spans = told(
        collector,
        loop,
        f"POST {THINGS}",
        publish,
        "process booking.response-completed",
        "process reporting.ledger",
    )
    chains = {
        (each.service, each.name): [above.name for above in ancestors(each, spans)]
        for each in spans
    }
    sent = [publish, f"POST {THINGS}"]
    assert {each.trace_id for each in spans} == {loop.replace("-", "")}
    assert orphans(spans) == []
    assert chains == {
        ("assessment", f"POST {THINGS}"): [],
        ("assessment", publish): sent[1:],
        ("booking", "process booking.response-completed"): sent,
        ("reporting", "process reporting.ledger"): sent,
    }


def test_spans_say_what_they_are_and_nothing_about_the_request(
    traced: App, collector: Collector
) -> None:
    loop = make(traced, band="very-private").headers["Correlation-Id"]

    spans = told(collector, loop, "process booking.response-completed")
    by_kind = {each.kind: each.attributes for each in spans if each.service != "reporting"}
    assert by_kind["SERVER"] == {
        "huixin.correlation_id": loop,
        "http.request.method": "POST",
        "http.route": THINGS,
        "http.response.status_code": 201,
    }
    assert by_kind["CONSUMER"]["huixin.outcome"] == "done"
    assert by_kind["CONSUMER"]["messaging.consumer.group.name"] == "booking.response-completed"
    assert by_kind["PRODUCER"]["messaging.message.id"]
    assert by_kind["PRODUCER"]["huixin.posted"] is False
    assert b"very-private" not in collector.bytes


def test_a_batch_is_a_trace_of_its_own_linked_with_its_events(
    traced: App, collector: Collector
) -> None:
    loop = make(traced).headers["Correlation-Id"]

    spans = told(collector, loop, "process reporting.ledger")
    (counted,) = [each for each in spans if each.service == "reporting"]
    (sent,) = [each for each in spans if each.kind == "PRODUCER"]

    def batch() -> Told | None:
        link = f"{sent.trace_id}-{sent.span_id}"
        batches = collector.named("process batch reporting.ledger")
        return next((each for each in batches if link in each.links), None)

    whole = eventually(batch)
    assert whole.trace_id != sent.trace_id
    assert counted.links == {f"{whole.trace_id}-{whole.span_id}"}
    assert counted.parent_id == sent.span_id


def test_a_timer_continues_the_trace_of_the_loop_that_set_it(
    traced: App, collector: Collector
) -> None:
    loop = str(uuid4())
    uow = traced.runtime("booking").unit_of_work(UnitOfWork, Context(loop))
    with uow:
        uow.timers.set("toy", str(uuid4()), uow.now())
        uow.commit()

    (span,) = told(collector, loop, "timer toy")

    assert (span.service, span.kind) == ("booking", "INTERNAL")
    assert span.trace_id == trace_id_of(loop)


def test_work_that_follows_another_loop_is_told_in_that_loops_trace_and_linked(
    traced: App, collector: Collector
) -> None:
    request, loop = str(uuid4()), str(uuid4())
    cause = f"00-{trace_id_of(request)}-00000000000000aa-01"
    uow = traced.runtime("assessment").unit_of_work(UnitOfWork, Context(request, traceparent=cause))
    with uow:
        uow.follow(loop)
        uow.publish(a_completed_response(), unit="wh")
        uow.commit()

    publish = "publish assessment.response-completed.v1"
    spans = told(collector, loop, publish, "process booking.response-completed")
    (sent,) = [each for each in spans if each.name == publish]
    assert {each.trace_id for each in spans} == {trace_id_of(loop)}
    assert sent.parent_id == ""
    assert sent.links == {f"{trace_id_of(request)}-00000000000000aa"}


def test_a_failure_is_told_by_its_type_alone(traced: App, collector: Collector) -> None:
    answer = make(traced, fail_after_commit=True)

    spans = told(collector, answer.headers["Correlation-Id"], f"POST {THINGS}")
    (span,) = [each for each in spans if each.kind == "SERVER"]
    assert span.failed
    assert span.attributes["error.type"] == "RuntimeError"
    assert b"after the commit" not in collector.bytes


def test_a_refused_event_says_with_what_code(traced: App, collector: Collector) -> None:
    loop = make(traced, band="refused").headers["Correlation-Id"]

    spans = told(collector, loop, "process booking.response-completed")
    (span,) = [each for each in spans if each.service == "booking"]
    assert span.attributes["error.type"] == "conflict"
    assert "never" not in str(span.attributes)


def test_probes_and_sweeps_are_not_told(traced: App, collector: Collector) -> None:
    traced.anybody().get("/health/live")
    loop = make(traced).headers["Correlation-Id"]
    told(collector, loop, f"POST {THINGS}")

    names = {each.name for each in collector.spans}
    assert not [name for name in names if "health" in name or "every:" in name]


def test_a_caller_of_the_same_loop_is_its_parent_and_another_is_linked(
    traced: App, collector: Collector
) -> None:
    loop = str(uuid4())
    inside = f"00-{trace_id_of(loop)}-00000000000000ab-00"
    make(traced, headers={"Correlation-Id": loop, "traceparent": inside})
    other = make(traced, headers={"traceparent": TRACEPARENT}).headers["Correlation-Id"]

    (within,) = [s for s in told(collector, loop, f"POST {THINGS}") if s.kind == "SERVER"]
    (beside,) = [s for s in told(collector, other, f"POST {THINGS}") if s.kind == "SERVER"]

    assert (within.parent_id, within.links) == ("00000000000000ab", frozenset())
    assert beside.trace_id == other.replace("-", "")
    assert beside.parent_id == ""
    assert beside.links == {"0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"}


def test_log_lines_name_trace_and_span(traced: App, collector: Collector) -> None:
    with capture_logs(processors=[merge_contextvars]) as lines:
        loop = make(traced, band="refused").headers["Correlation-Id"]
        spans = told(collector, loop, "process booking.response-completed")

    (refused,) = [each for each in lines if each.get("correlation_id") == loop]
    (span,) = [each for each in spans if each.service == "booking"]
    assert (refused["trace_id"], refused["span_id"]) == (span.trace_id, span.span_id)
