"""Gauges of subscriptions, by the names operators gave them."""

from sqlalchemy import Connection, text

from services.chassis.metrics import gauge

UNDELIVERED = gauge(
    "huixin_subscription_undelivered", "Copies recorded and not delivered", ("subscription",)
)
UNCONFIRMED = gauge(
    "huixin_subscription_unconfirmed",
    "Copies recorded that the subscriber has not confirmed",
    ("subscription",),
)
FAILING = gauge(
    "huixin_subscription_failing_seconds", "For how long delivery has failed", ("subscription",)
)
STOPPED = gauge(
    "huixin_subscription_stopped", "1 while delivery has been given up", ("subscription",)
)

_STATE = text(
    """
    SELECT name, last - delivered AS undelivered, last - confirmed AS unconfirmed,
           coalesce(extract(epoch FROM now() - failing_since), 0) AS failing,
           (state = 'stopped')::int AS stopped
    FROM subscriptions WHERE state <> 'ended'
    """
)


def observe(connection: Connection) -> None:
    """Set them; one that has ended is no longer shown."""
    rows = connection.execute(_STATE).all()
    for each in (UNDELIVERED, UNCONFIRMED, FAILING, STOPPED):
        each.clear()
    for row in rows:
        UNDELIVERED.labels(row.name).set(row.undelivered)
        UNCONFIRMED.labels(row.name).set(row.unconfirmed)
        FAILING.labels(row.name).set(float(row.failing))
        STOPPED.labels(row.name).set(row.stopped)
