"""Counting as operations see it; an event's type is the only label, and the contracts bound it."""

from services.chassis.metrics import counter, gauge

COUNTED = counter("huixin_reporting_events_total", "Events counted", ("type",))
LAG = gauge(
    "huixin_reporting_ledger_lag_seconds", "Age of the oldest event of the last batch when counted"
)
LATE = counter(
    "huixin_reporting_late_events_total", "Events counted for months that were closed before"
)
REBUILT = counter("huixin_reporting_rebuilt_events_total", "Events counted again by rebuilds")
CLOSED = counter("huixin_reporting_editions_total", "Monthly editions published")
SUPPRESSED = gauge(
    "huixin_reporting_suppressed_share", "Share of the last edition's figures that are suppressed"
)
