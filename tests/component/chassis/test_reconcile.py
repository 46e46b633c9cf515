"""The in-memory broker forgets with its process; the databases know what is missing."""

from uuid import UUID

from sqlalchemy import text

from services.chassis.reconcile import send_unrecorded_again
from tests.support.apps import App, eventually
from tests.support.rows import count, marks, rows
from tests.support.toys import THINGS


def test_what_the_in_memory_broker_forgot_is_delivered_again(app: App) -> None:
    made = UUID(app.person("ops").post(THINGS, {"band": "x"}).json()["id"])
    eventually(lambda: marks(app, "booking", "read", made))
    forget = "DELETE FROM inbox WHERE event_id = :id"
    (event,) = rows(app, "assessment", "SELECT id FROM outbox WHERE subject = :s", s=str(made))
    with app.runtime("booking").database.engine.begin() as connection:
        connection.execute(text(forget), {"id": event.id})
    eventually(lambda: not count(app, "assessment", "outbox", "sent_at IS NULL"))

    again = send_unrecorded_again(app.runner.databases, age_seconds=0)

    assert again >= 1
    app.runtime("assessment").wake_relay(False)
    eventually(lambda: marks(app, "booking", "read", made) == 2)
