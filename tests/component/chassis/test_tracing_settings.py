"""Tracing off, in part, and with a collector that hangs: each on services of its own."""

import subprocess
import sys
import time
from uuid import uuid4

from sqlalchemy import text

from services.chassis.exporting import ANSWER_SECONDS
from services.chassis.traceparent import trace_id_of
from tests.component.chassis.conftest import toy_app
from tests.component.chassis.test_traces import make, told
from tests.support.apps import App, eventually
from tests.support.collector import Collector, hanging_collector
from tests.support.servers import TestPostgres
from tests.support.toys import THINGS


def loaded_without_tracing() -> str:
    """The modules a process has once a service's class is loaded and its runtime could be built."""
    program = "import sys, services.booking.service, services.portal.service; print(*sys.modules)"
    command = [sys.executable, "-P", "-W", "ignore", "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_without_a_collector_a_traceparent_is_passed_on_and_none_is_begun(
    postgres_server: TestPostgres,
) -> None:
    loop = str(uuid4())
    cause = f"00-{trace_id_of(loop)}-00000000000000ab-01"

    with toy_app(postgres_server, "memory://") as app:
        make(app, headers={"Correlation-Id": loop, "traceparent": cause})
        plain = make(app).headers["Correlation-Id"]
        with app.runtime("assessment").database.engine.connect() as connection:
            rows = connection.execute(text("SELECT correlation_id, traceparent FROM outbox")).all()

    kept = {row.correlation_id: row.traceparent for row in rows}
    assert kept[loop] == cause
    assert kept[plain] is None
    assert "opentelemetry.sdk.trace" not in loaded_without_tracing()


def test_a_share_of_the_loops_is_told_by_every_service_or_by_none(
    postgres_server: TestPostgres,
) -> None:
    collector = Collector()
    settings = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_TRACES_SAMPLER": "traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": "0.5",
    }
    high, low = "12345678-1234-4234-8fff-ffffffffffff", "12345678-1234-4234-8000-000000000000"

    with toy_app(postgres_server, "memory://", **settings) as app:
        forced = {"traceparent": f"00-{trace_id_of(low)}-00000000000000ab-01"}
        make(app, headers={"Correlation-Id": low, **forced})
        make(app, headers={"Correlation-Id": high})
        spans = told(collector, high, f"POST {THINGS}", "process booking.response-completed")

    assert {each.service for each in spans} >= {"assessment", "booking"}
    collector.stop()
    assert collector.of(low) == []


def test_a_collector_that_hangs_delays_neither_a_crisis_nor_the_stop(
    postgres_server: TestPostgres,
) -> None:
    with hanging_collector() as url:
        settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": url}
        with toy_app(postgres_server, "memory://", **settings) as app:
            took = []
            for _ in range(50):
                begun = time.monotonic()
                made = make(app, urgent=True).json()["id"]
                eventually(lambda: _flagged(app, made))
                took.append(time.monotonic() - begun)
            stopping = time.monotonic()
        stopped = time.monotonic() - stopping

    assert max(took) < ANSWER_SECONDS
    assert stopped < 10


def _flagged(app: App, subject: str) -> bool:
    statement = "SELECT 1 FROM effects WHERE what = 'flagged' AND subject = :subject"
    with app.runtime("booking").database.engine.connect() as connection:
        return connection.execute(text(statement), {"subject": subject}).first() is not None
