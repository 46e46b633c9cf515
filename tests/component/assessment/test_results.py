"""Reading one's own results."""

import json
from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.component.assessment.people import API, answer, has_support
from tests.support.apps import App, Client

RESPONSES = f"{API}/responses"


def test_a_result_is_explained_to_its_owner_only(app: App, worker: Client) -> None:
    done = answer(worker)
    path = f"{RESPONSES}/{done['id']}"

    own = worker.get(path)
    others = [
        app.person("worker").get(path),
        worker.get(f"{RESPONSES}/{uuid4()}"),
    ]
    staff = [app.person(role).get(path) for role in ("unit-admin", "counsellor", "clinical-lead")]

    result = own.json()
    assert own.status_code == 200
    assert result["scores"] == {"total": 10}
    assert result["band_label"] == "中度"
    assert result["care"]["level"] == 2
    assert "不是诊断" in result["disclaimer"]
    assert has_support(result)
    assert [each.status_code for each in others] == [404, 404]
    assert [each.status_code for each in staff] == [403, 403, 403]


def test_the_symptom_algorithm_is_not_shown_to_the_person(worker: Client) -> None:
    done = answer(worker)

    assert "symptoms" not in json.dumps(worker.get(f"{RESPONSES}/{done['id']}").json())


def test_reading_a_result_leaves_an_audit_row(app: App, worker: Client) -> None:
    done = answer(worker)

    worker.get(f"{RESPONSES}/{done['id']}")
    worker.get(RESPONSES)

    with app.runtime("assessment").database.reading() as connection:
        rows = connection.execute(
            text("SELECT actor, action, subject FROM audit WHERE person = :p ORDER BY position"),
            {"p": worker.person},
        ).all()
    assert rows == [
        (worker.person, "response.read", done["id"]),
        (worker.person, "response.list", "own"),
    ]


def test_ones_own_results_come_newest_first_in_pages(worker: Client) -> None:
    phq9 = [answer(worker, q1=code)["id"] for code in range(4)]
    gad7 = answer(worker, instrument="gad7")["id"]

    first = worker.get(f"{RESPONSES}?limit=2").json()
    second = worker.get(f"{RESPONSES}?limit=2&cursor={first['next']}").json()
    third = worker.get(f"{RESPONSES}?limit=2&cursor={second['next']}").json()
    trend = worker.get(f"{RESPONSES}?instrument=phq9").json()

    pages = [item["id"] for page in (first, second, third) for item in page["items"]]
    assert pages == [gad7, *reversed(phq9)]
    assert third["next"] is None
    assert [item["id"] for item in trend["items"]] == list(reversed(phq9))
    assert [item["scores"]["total"] for item in trend["items"]] == [11, 10, 9, 8]


@pytest.mark.parametrize(
    "query", ["cursor=zzz", "cursor=WyJhIiwiYiJd", "limit=0", "limit=x", "a=1"]
)
def test_a_bad_query_is_named(worker: Client, query: str) -> None:
    response = worker.get(f"{RESPONSES}?{query}")

    assert response.status_code in {400, 422}
    assert response.json()["errors"][0]["field"] == query.split("=")[0]
