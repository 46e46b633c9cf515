"""A crisis signal while the service's own database is away."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import eventlet
import pytest
from sqlalchemy import text

from services.assessment.service import AssessmentService
from services.booking.service import BookingService
from services.chassis.database import Database
from tests.component.assessment.people import API, Sent, a_sheet, has_support
from tests.support.apps import App, running
from tests.support.databases import Databases, TestPostgres

NOWHERE = "postgresql+psycopg2://nobody@127.0.0.1:9/none"


@pytest.fixture(scope="module")
def loop(postgres_server: TestPostgres) -> Iterator[App]:
    """Both ends of the first step."""
    databases = Databases(postgres_server)
    with running(databases, [AssessmentService, BookingService]) as started:
        yield started
    databases.drop_all()


@contextmanager
def away(app: App, seconds: float = 60) -> Iterator[None]:
    """No connection to assessment's database for so long, or to the end of the block."""
    runtime = app.runtime("assessment")
    known, nowhere = runtime.database, Database(NOWHERE)

    def back() -> None:
        runtime._database, nowhere.engine = known, known.engine

    runtime._database = nowhere
    timer = eventlet.spawn_after(seconds, back)
    try:
        yield
    finally:
        timer.cancel()
        back()


def opened(app: App, case: str) -> Any:
    with app.runtime("booking").database.reading() as connection:
        query = text("SELECT person, source FROM cases WHERE id = :case")
        return connection.execute(query, {"case": case}).first()


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k"}])
def test_a_short_outage_is_waited_for(loop: App, headers: dict[str, str]) -> None:
    worker = loop.person("worker")
    with away(loop, seconds=0.5):
        worker.post(f"{API}/responses", a_sheet(q9=1), headers=headers)

    [_flag] = Sent(loop).of(worker.person, "risk-flagged")


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k"}])
def test_in_a_long_outage_booking_is_told_directly(loop: App, headers: dict[str, str]) -> None:
    worker = loop.person("worker")
    with away(loop):
        refused = worker.post(f"{API}/responses", a_sheet(q9=1), headers=headers)

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (503, "not-kept")
    assert has_support(problem)
    assert opened(loop, problem["case"]) == (worker.person, "response")


def test_a_page_of_a_sitting_is_heard_as_well(loop: App) -> None:
    worker = loop.person("worker")
    sitting = f"{API}/sittings/8a3c7f0e-0000-4000-8000-000000000001"
    with away(loop):
        problem = worker.patch(sitting, {"answers": {"q9": 3}}).json()

    assert problem["code"] == "not-kept"
    assert opened(loop, problem["case"]) == (worker.person, "sitting")


def test_a_call_for_help_is_passed_on(loop: App) -> None:
    with away(loop):
        refused = loop.anybody().post(f"{API}/help-requests", {"phone": "13900001111"})

    assert refused.status_code == 503
    assert has_support(refused.json())
    assert opened(loop, refused.json()["case"]) == (None, "help-request")


def test_harmless_answers_are_told_to_nobody(loop: App) -> None:
    with away(loop):
        refused = loop.person("worker").post(f"{API}/responses", a_sheet())

    assert refused.status_code == 500
    assert "case" not in refused.json()
    assert has_support(refused.json())


def test_with_booking_away_too_the_answer_says_whom_to_call(
    loop: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop.runtime("assessment").peers, "_urls", {})
    with away(loop):
        refused = loop.person("worker").post(f"{API}/responses", a_sheet(q9=1))

    assert refused.status_code == 500
    assert "case" not in refused.json()
    assert has_support(refused.json())
