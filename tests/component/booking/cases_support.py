"""Crisis signals and officers for a running booking service, and looks at what came out of it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.contracts.assessment import FlagSource, RiskFlaggedV1
from services.contracts.envelope import Envelope
from services.contracts.event import IntegrationEvent
from services.contracts.notification import Channel, MessageFailedV1, MessageSentV1
from tests.component.booking.people import enrolled
from tests.support.apps import App, Client, eventually
from tests.support.rows import rows

CASES = "/api/booking/v1/cases"
SHIFTS = "/api/booking/v1/rosters/shifts"
STATUS = "/api/booking/v1/duty/status"


def deliver(
    app: App, event: IntegrationEvent, *, correlation: str = "", unit: str = "wh/hc"
) -> UUID:
    """Hand the event to booking as the relay does when the broker is away; its id."""
    envelope = Envelope(
        id=uuid4(),
        type=event.type,
        subject=event.subject_id(),
        time=datetime.now(UTC),
        correlation_id=correlation or str(uuid4()),
        sequence=1,
        data=event,
        unit=unit,
    )
    redeliver(app, envelope)
    return envelope.id


def redeliver(app: App, envelope: Envelope) -> None:
    """The same event, once more."""
    answer = app.service_call("POST", "booking", "/internal/v1/events", data=envelope.encode())
    assert answer.status_code == 202, answer.text


def a_flag(**changed: Any) -> RiskFlaggedV1:
    """A crisis signal of a known person."""
    values: dict[str, Any] = {
        "flag": uuid4(),
        "case": uuid4(),
        "person": uuid4(),
        "source": FlagSource.RESPONSE,
        "rule": "suicidal-ideation",
        "policy": "1.0.0",
        **changed,
    }
    return RiskFlaggedV1(**values)


def a_case(app: App, *, correlation: str = "", **changed: Any) -> UUID:
    """An open crisis case; its id."""
    flag = a_flag(**changed)
    deliver(app, flag, correlation=correlation)
    return flag.case


def page_sent(
    app: App, case: UUID, *, failed: bool = False, channel: Channel = Channel.EMAIL
) -> None:
    """Notification tells what became of a page."""
    values: dict[str, Any] = {
        "message": uuid4(),
        "person": uuid4(),
        "kind": "case-page",
        "channel": channel,
        "case": case,
    }
    deliver(app, MessageFailedV1(**values, reason="away") if failed else MessageSentV1(**values))


def told(app: App, case: UUID) -> list[str]:
    """What booking told about the case, in order."""
    found = rows(
        app,
        "booking",
        "SELECT type FROM outbox WHERE subject = :case ORDER BY position",
        case=str(case),
    )
    return [row.type.split(".")[1] for row in found]


def last_told(app: App, case: UUID, kind: str) -> Any:
    """The last event of this kind about the case."""
    statement = (
        "SELECT data, urgent, unit, correlation_id FROM outbox"
        " WHERE subject = :case AND type = :type ORDER BY position DESC LIMIT 1"
    )
    return rows(app, "booking", statement, case=str(case), type=f"booking.{kind}.v1")[0]


def timers(app: App, case: UUID) -> dict[str, datetime]:
    """The timers that are set for the case."""
    found = rows(app, "booking", "SELECT kind, due_at FROM timers WHERE key = :key", key=str(case))
    return {row.kind: row.due_at for row in found}


def time_is_up(app: App, case: UUID, *, timer: bool = True) -> None:
    """What was due is due now; with the case's timer, or without one."""
    with app.runtime("booking").database.engine.begin() as connection:
        for statement in (
            "UPDATE cases SET step_due_at = now() - interval '5 minutes',"
            " next_due_at = now() - interval '5 minutes' WHERE id = :case",
            "UPDATE timers SET due_at = now() WHERE key = :case AND kind = 'case-due'"
            if timer
            else "DELETE FROM timers WHERE key = :case AND kind = 'case-due'",
        ):
            connection.exec_driver_sql(statement.replace(":case", f"'{case}'"))


def until_told(app: App, case: UUID, kind: str, *, times: int = 1) -> None:
    """Wait until booking has told this so often."""
    eventually(lambda: told(app, case).count(kind) >= times, what=f"{kind} of {case}")


def roster(app: App, officer: UUID, tier: int = 1) -> str:
    """Somebody is on duty from now on."""
    enrolled("duty", person=officer)
    now = datetime.now(UTC)
    body = {
        "officer": str(officer),
        "tier": tier,
        "unit": "wh",
        "starts_at": (now - timedelta(minutes=1)).isoformat(),
        "ends_at": (now + timedelta(hours=4)).isoformat(),
    }
    answer = app.person("city-admin", unit="wh").post(SHIFTS, body)
    assert answer.status_code == 201, answer.text
    return answer.json()["items"][0]["id"]


def unroster(app: App) -> None:
    with app.runtime("booking").database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM shifts")


def contacted(duty: Client, case: UUID) -> None:
    body = {"channel": "phone", "reached": True, "note": "spoke for an hour"}
    answer = duty.post(f"{CASES}/{case}/contacts", body)
    assert answer.status_code == 201, answer.text
