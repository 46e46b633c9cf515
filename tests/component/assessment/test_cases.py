"""One open crisis case a person, until booking says that it is closed."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import eventlet
import pytest
from sqlalchemy import text

from services.assessment.service import AssessmentService
from services.contracts.booking import CaseClosedV1
from services.contracts.envelope import Envelope
from tests.component.assessment.people import API, Sent, a_sheet, answer, has_support
from tests.support.apps import App, Client, running
from tests.support.databases import Databases


def tell_closed(app: App, case: str, at: datetime, person: UUID | None) -> None:
    """What booking would send."""
    event = CaseClosedV1(case=UUID(case), person=person)
    envelope = Envelope(
        id=uuid4(),
        type=event.type,
        subject=case,
        time=at,
        correlation_id=str(uuid4()),
        sequence=1,
        data=event,
    )
    taken = app.service_call("POST", "assessment", "/internal/v1/events", data=envelope.encode())
    assert taken.json() == {"readers": 1}


def test_after_closing_the_next_crisis_opens_a_new_case(
    app: App, worker: Client, sent: Sent
) -> None:
    first = answer(worker, q9=1)["case"]

    tell_closed(app, first, datetime.now(UTC), worker.person)

    second = answer(worker, q9=1)["case"]
    assert first != second
    assert [flag["case"] for flag in sent.of(worker.person, "risk-flagged")] == [first, second]


def test_a_signal_after_the_closing_keeps_the_case(app: App, worker: Client) -> None:
    """Booking re-opens the case for it, whichever event arrives first."""
    before = datetime.now(UTC) - timedelta(seconds=1)
    first = answer(worker, q9=1)["case"]

    tell_closed(app, first, before, worker.person)

    assert answer(worker, q9=2)["case"] == first


def test_the_closing_of_an_unknown_case_is_nothing(app: App) -> None:
    tell_closed(app, str(uuid4()), datetime.now(UTC), None)


def test_many_signals_at_once_are_one_case(worker: Client, sent: Sent) -> None:
    pool = eventlet.GreenPool(20)

    answers = list(
        pool.imap(lambda _: worker.post(f"{API}/responses", a_sheet(q9=1)).json(), range(20))
    )

    assert len({each["case"] for each in answers}) == 1
    assert len({each["id"] for each in answers}) == 20
    assert sent.count("crisis_cases", worker.person) == 1
    told = sent.of(worker.person, "risk-flagged")
    assert {flag["case"] for flag in told} == {answers[0]["case"]}
    assert len(told) == 20


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "one"}])
def test_a_failure_after_the_critical_answer_leaves_the_case_open(
    postgres: Databases, headers: dict[str, str]
) -> None:
    with running(postgres, [AssessmentService]) as app:
        worker, sent = app.person("worker"), Sent(app)
        with app.runtime("assessment").database.engine.begin() as connection:
            connection.execute(text("ALTER TABLE responses RENAME TO away"))

        failed = worker.post(f"{API}/responses", a_sheet(q9=1), headers=headers)

        assert failed.status_code == 500
        assert has_support(failed.json())
        assert len(sent.of(worker.person, "risk-flagged")) == 1
        assert sent.count("crisis_cases", worker.person) == 1


def test_a_key_that_was_used_before_hides_no_critical_answer(worker: Client, sent: Sent) -> None:
    headers = {"Idempotency-Key": "used"}
    assert worker.post(f"{API}/responses", a_sheet(), headers=headers).status_code == 201

    refused = worker.post(f"{API}/responses", a_sheet(q9=2), headers=headers)

    [flag] = sent.of(worker.person, "risk-flagged")
    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency-key-reused")
    assert refused.json()["case"] == flag["case"]
    assert has_support(refused.json())
