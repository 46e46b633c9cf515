"""Gauges that only the database knows, read every few seconds by each replica."""

from sqlalchemy import Connection, text

from services.notification.metrics import OLDEST_QUEUED, OPEN_ESCALATIONS, STAFF_CARDS_AGE

_OPEN = text("SELECT count(*) FROM escalations WHERE state = 'open' AND NOT drill")
_OLDEST = text(
    """
    SELECT urgent, extract(epoch FROM now() - min(messages.created_at)) AS age
    FROM deliveries JOIN messages ON messages.id = deliveries.message
    WHERE deliveries.state = 'queued' GROUP BY urgent
    """
)
_CARDS = text("SELECT extract(epoch FROM now() - max(refreshed_at)) FROM contacts WHERE staff")


def observe(connection: Connection) -> None:
    """Set the gauges."""
    OPEN_ESCALATIONS.set(connection.execute(_OPEN).scalar_one())
    ages = {row.urgent: float(row.age) for row in connection.execute(_OLDEST)}
    for lane, urgent in (("pages", True), ("ordinary", False)):
        OLDEST_QUEUED.labels(lane).set(ages.get(urgent, 0.0))
    age = connection.execute(_CARDS).scalar()
    STAFF_CARDS_AGE.set(float(age) if age is not None else 0.0)
