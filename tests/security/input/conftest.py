"""All services in one process, and things in them for hostile input to run into."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from services.apphost import KEEPERS, load_all
from tests.support.apps import App, running
from tests.support.databases import Databases, TestPostgres


@pytest.fixture(scope="package")
def app(postgres_server: TestPostgres) -> Iterator[App]:
    with running(Databases(postgres_server), load_all(KEEPERS)) as app:
        yield app


@pytest.fixture(scope="package")
def known(app: App) -> dict[str, UUID]:
    """Things that are there, by the name they have in paths."""
    worker, admin = app.person("worker", unit="wh"), app.person("city-admin", unit="wh")
    assert worker.person

    def made(answer: Any) -> UUID:
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["id"])

    site = {"name": "中心", "level": "city-centre", "unit": "wh"}
    site_id = made(admin.post("/api/booking/v1/sites", site))
    room_id = made(admin.post(f"/api/booking/v1/sites/{site_id}/rooms", {"name": "一号"}))
    text = worker.get("/api/assessment/v1/instruments/gad7").json()["consent"]
    agreed = {"version": text["version"], "granted": True}
    scale = {"instrument": "gad7", "consent": agreed}
    sitting = worker.post("/api/assessment/v1/sittings", scale)
    case = app.person("duty", unit="wh").post("/api/booking/v1/cases", {"source": "hotline"})
    quizzes = "/api/assessment/v1/quizzes"
    question = {"topic": "睡眠", "text": {"zh": "问"}, "choices": [{"zh": "是"}, {"zh": "否"}]}
    question_id = made(admin.post(f"{quizzes}/questions", {**question, "right": [1]}))
    window = {"opens_at": "2026-01-01T00:00:00Z", "closes_at": "2199-01-01T00:00:00Z"}
    plan = {"title": "竞答", "questions": 1, "seconds": 7200, **window}
    round_id = made(admin.post(f"{quizzes}/rounds", plan))
    assert admin.post(f"{quizzes}/rounds/{round_id}/open").status_code == 200
    return {
        "round_id": round_id,
        "question_id": question_id,
        "worker:person": worker.person,
        "site_id": site_id,
        "room_id": room_id,
        "sitting_id": made(sitting),
        "case_id": made(case),
    }
