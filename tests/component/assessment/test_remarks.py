"""What people say to their own results stands beside them, sealed, and changes nothing."""

from typing import Any
from uuid import uuid4

import pytest

from tests.component.assessment.people import API, a_sheet
from tests.support.apps import App, Client
from tests.support.rows import rows

TEXT = "这两周在搬家，睡得少"


@pytest.fixture
def result(worker: Client) -> str:
    """A result of the worker's own, without its remark."""
    answer = worker.post(f"{API}/responses", a_sheet(q1=2))
    assert answer.status_code == 201, answer.text
    return f"{API}/responses/{answer.json()['id']}"


def test_a_remark_stands_beside_the_result_and_changes_nothing(worker: Client, result: str) -> None:
    before = worker.get(result).json()

    written = worker.put(f"{result}/remark", {"agrees": False, "text": f"  {TEXT} "})

    assert written.status_code == 200, written.text
    after = worker.get(result).json()
    assert before["remark"] is None
    assert (after["remark"]["agrees"], after["remark"]["text"]) == (False, TEXT)
    assert after["remark"] == written.json()
    assert {**after, "remark": None} == before


def test_a_later_remark_takes_the_place_of_the_earlier_one(worker: Client, result: str) -> None:
    worker.put(f"{result}/remark", {"agrees": False, "text": TEXT})

    worker.put(f"{result}/remark", {"agrees": True})

    remark = worker.get(result).json()["remark"]
    assert (remark["agrees"], remark["text"]) == (True, "")


def test_a_remark_is_taken_back_without_a_trace_of_its_words(
    app: App, worker: Client, result: str
) -> None:
    worker.put(f"{result}/remark", {"text": TEXT})

    assert worker.delete(f"{result}/remark").status_code == 204

    assert worker.get(result).json()["remark"] is None
    again = worker.delete(f"{result}/remark")
    assert (again.status_code, again.json()["code"]) == (404, "remark-not-found")
    kept = rows(app, "assessment", "SELECT * FROM remarks WHERE person = :p", p=worker.person)
    assert kept == []


def test_its_words_are_sealed_for_the_person(app: App, worker: Client, result: str) -> None:
    worker.put(f"{result}/remark", {"text": TEXT})

    [kept] = rows(app, "assessment", "SELECT * FROM remarks WHERE person = :p", p=worker.person)

    assert TEXT.encode() not in bytes(kept.sealed)
    noted = rows(
        app,
        "assessment",
        "SELECT action FROM audit WHERE person = :p AND action LIKE 'remark%'",
        p=worker.person,
    )
    assert [each.action for each in noted] == ["remark.write"]


def test_nobody_else_writes_or_reads_it(app: App, worker: Client, result: str) -> None:
    worker.put(f"{result}/remark", {"text": TEXT})

    for role in ("counsellor", "duty", "unit-admin", "city-admin", "clinical-lead", "ops"):
        assert app.person(role).put(f"{result}/remark", {"text": "x"}).status_code == 403
    other = app.person("worker", unit="wh/hc/e0001")
    for answer in (
        other.put(f"{result}/remark", {"text": "x"}),
        other.delete(f"{result}/remark"),
        worker.put(f"{API}/responses/{uuid4()}/remark", {"text": "x"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "response-not-found")
    assert worker.get(result).json()["remark"]["text"] == TEXT


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": "   "}, "text"),
        ({"text": "x" * 1_001}, "text"),
        ({"agrees": "no"}, "agrees"),
        ({"words": "x"}, "words"),
    ],
)
def test_an_empty_or_impossible_remark_names_the_field(
    worker: Client, result: str, body: dict[str, Any], field: str
) -> None:
    refused = worker.put(f"{result}/remark", body)

    assert refused.status_code == 422
    assert [each["field"] for each in refused.json()["errors"]] == [field]
