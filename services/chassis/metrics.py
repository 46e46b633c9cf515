"""Prometheus metrics, registered once per process; labels are bounded by construction."""

from collections.abc import Sequence
from functools import cache

from prometheus_client import Counter, Gauge, Histogram

LATENCIES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@cache
def _counter(name: str, text: str, labels: tuple[str, ...]) -> Counter:
    return Counter(name, text, labels)


@cache
def _gauge(name: str, text: str, labels: tuple[str, ...]) -> Gauge:
    return Gauge(name, text, labels)


@cache
def _histogram(
    name: str, text: str, labels: tuple[str, ...], buckets: tuple[float, ...]
) -> Histogram:
    return Histogram(name, text, labels, buckets=buckets)


def counter(name: str, text: str, labels: Sequence[str] = ()) -> Counter:
    """A counter `huixin_…_total`; the same name gives the same counter."""
    return _counter(name, text, tuple(labels))


def gauge(name: str, text: str, labels: Sequence[str] = ()) -> Gauge:
    """A gauge; the same name gives the same gauge."""
    return _gauge(name, text, tuple(labels))


def histogram(
    name: str, text: str, labels: Sequence[str] = (), buckets: Sequence[float] = LATENCIES
) -> Histogram:
    """A histogram; the same name gives the same histogram."""
    return _histogram(name, text, tuple(labels), tuple(buckets))


WORKER_SECONDS = histogram(
    "huixin_worker_seconds", "Time in a worker", ("service", "entrypoint", "outcome")
)
HTTP_REQUESTS = counter(
    "huixin_http_requests_total", "Requests answered", ("service", "method", "route", "status")
)
EVENTS_PUBLISHED = counter(
    "huixin_events_published_total", "Events the broker confirmed", ("service", "type")
)
EVENTS_POSTED = counter(
    "huixin_events_posted_total",
    "Urgent events delivered over HTTP because the broker did not confirm",
    ("service", "type"),
)
EVENTS_HANDLED = counter(
    "huixin_events_handled_total", "Events by what became of them", ("service", "queue", "outcome")
)
SPANS_TOLD = counter(
    "huixin_spans_total", "Spans a collector took, or did not", ("service", "outcome")
)
OUTBOX_WAITING = gauge("huixin_outbox_waiting", "Events not yet confirmed", ("service",))
OUTBOX_OLDEST = gauge(
    "huixin_outbox_oldest_seconds", "Age of the oldest unconfirmed event", ("service",)
)
INBOX_PARKED = gauge("huixin_inbox_parked", "Events parked for an operator", ("service",))
INBOX_RETRYING = gauge("huixin_inbox_retrying", "Events waiting for a retry", ("service",))
TIMERS_LATE = gauge(
    "huixin_timers_late_seconds", "Age of the oldest overdue timer", ("service", "lane")
)
BROKER_CONNECTED = gauge(
    "huixin_broker_connected", "1 while the lane's connection stands", ("service", "lane")
)
