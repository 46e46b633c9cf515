"""The database dies after a critical answer was heard: the case stands, every answer names it."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from services.assessment.responses import entrypoints as responses
from services.assessment.service import AssessmentService
from services.assessment.sittings import entrypoints as sittings
from services.chassis.transaction import Transaction
from tests.component.assessment.people import API, CONSENT, Sent, a_sheet, has_support
from tests.support.apps import App, Client, running
from tests.support.databases import Databases, TestPostgres

_END_ALL = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = :name AND pid <> pg_backend_pid()"
)


@pytest.fixture(scope="module")
def app(postgres_server: TestPostgres) -> Iterator[App]:
    """A service of this module's own: its connections are killed."""
    databases = Databases(postgres_server)
    with running(databases, [AssessmentService]) as started:
        yield started
    databases.drop_all()


def dying_before(app: App, monkeypatch: pytest.MonkeyPatch, place: Any, name: str) -> None:
    """Once, every connection to the service's database ends just before this step."""
    url = app.runtime("assessment").database.engine.url
    step: Callable[..., Any] = getattr(place, name)

    def killed(*args: Any, **values: Any) -> Any:
        monkeypatch.undo()
        engine = create_engine(url)
        with engine.connect() as connection:
            connection.execute(_END_ALL, {"name": url.database})
        engine.dispose()
        return step(*args, **values)

    monkeypatch.setattr(place, name, killed)


@pytest.mark.parametrize(
    ("place", "name"), [(responses, "submit_response"), (Transaction, "finish")]
)
def test_a_keyed_answer_names_the_case_and_its_repeat_succeeds(
    app: App, monkeypatch: pytest.MonkeyPatch, place: Any, name: str
) -> None:
    worker, sent = app.person("worker"), Sent(app)
    headers = {"Idempotency-Key": str(uuid4())}
    dying_before(app, monkeypatch, place, name)

    failed = worker.post(f"{API}/responses", a_sheet(q9=1), headers=headers)

    assert failed.status_code == 500
    assert has_support(failed.json())
    [flag] = sent.of(worker.person, "risk-flagged")
    assert failed.json()["case"] == flag["case"]
    again = worker.post(f"{API}/responses", a_sheet(q9=1), headers=headers)
    assert (again.status_code, again.json()["case"]) == (201, flag["case"])
    assert sent.count("responses", worker.person) == 1


def test_a_page_of_a_sitting_with_a_key_names_the_case(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, sent = app.person("worker"), Sent(app)
    sitting = a_sitting(worker)
    dying_before(app, monkeypatch, sittings, "save_answers")

    failed = worker.patch(sitting, {"answers": {"q9": 2}}, headers={"Idempotency-Key": "k"})

    [flag] = sent.of(worker.person, "risk-flagged")
    assert (failed.status_code, failed.json()["case"]) == (500, flag["case"])
    assert has_support(failed.json())


def a_sitting(worker: Client) -> str:
    started = worker.post(f"{API}/sittings", {"instrument": "phq9", "consent": CONSENT}).json()
    return f"{API}/sittings/{started['id']}"
