"""Prometheus metrics, registered once per process; labels are bounded by construction.

Counters and histograms count what this process did: sum them over replicas. Gauges that are read
from the database (outbox, inbox, timers, cases, rosters, queues of mails) say the same in every
replica: take their maximum, never their sum.
"""

import platform
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import product

from prometheus_client import Counter, Gauge, Histogram

from services import __version__

LATENCIES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
# From an event's birth to its effect: milliseconds by design, minutes after an outage.
SPANS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)
OUTCOMES = ("done", "passed", "duplicate", "retry", "parked", "unreadable")


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
EVENT_EFFECT_SECONDS = histogram(
    "huixin_event_effect_seconds",
    "From an event's birth to its effect: one step of a loop",
    ("service", "queue"),
    SPANS,
)
RELAY_SECONDS = histogram(
    "huixin_relay_seconds",
    "From an event's birth to the broker's confirm",
    ("service", "lane"),
    SPANS,
)
OUTBOX_WAITING = gauge("huixin_outbox_waiting", "Events not yet confirmed", ("service", "lane"))
OUTBOX_OLDEST = gauge(
    "huixin_outbox_oldest_seconds", "Age of the oldest unconfirmed event", ("service", "lane")
)
INBOX_PARKED = gauge("huixin_inbox_parked", "Events parked for an operator", ("service", "queue"))
INBOX_RETRYING = gauge(
    "huixin_inbox_retrying", "Events waiting for a retry", ("service", "queue", "lane")
)
SPANS_TOLD = counter(
    "huixin_spans_total", "Spans a collector took, or did not", ("service", "outcome")
)
TIMERS_LATE = gauge(
    "huixin_timers_late_seconds", "Age of the oldest overdue timer", ("service", "lane")
)
TIMER_DELAY_SECONDS = histogram(
    "huixin_timer_delay_seconds",
    "From a timer's due time to its handling",
    ("service", "lane"),
    SPANS,
)
HEARTBEAT = gauge(
    "huixin_heartbeat_timestamp_seconds",
    "When an endless loop of this process last went round: reading, relaying, sweeping, observing",
    ("service", "loop"),
)
DATABASE_UP = gauge(
    "huixin_database_up", "1 while the service's database answers this process", ("service",)
)
DATABASE_CLOCK = gauge(
    "huixin_database_clock_skew_seconds",
    "How far the database's clock is ahead of this process's",
    ("service",),
)
DATABASE_CONNECTIONS = gauge(
    "huixin_database_connections", "Connections of this process's pool", ("service", "state")
)
BUILD = gauge(
    "huixin_build_info", "1, with the version that runs", ("service", "version", "python")
)
BROKER_CONNECTED = gauge(
    "huixin_broker_connected", "1 while the lane's connection stands", ("service", "lane")
)
AUDIT_SEALS = gauge("huixin_audit_seals", "Number of the audit chain's newest seal", ("service",))
AUDIT_HEAD_AGE = gauge(
    "huixin_audit_head_age_seconds", "Age of the audit chain's newest seal", ("service",)
)
AUDIT_UNSEALED = gauge(
    "huixin_audit_unsealed_oldest_seconds",
    "Age of the oldest audit row that no seal covers yet",
    ("service",),
)


def count_from_zero(counted: Counter, *values: Iterable[str]) -> None:
    """Let every series exist before its first event: a rate cannot see a counter begin at 1."""
    for labels in product(*values):
        counted.labels(*labels)


def describe_build(service: str) -> None:
    """Say which version runs."""
    BUILD.labels(service, __version__, platform.python_version()).set(1)
