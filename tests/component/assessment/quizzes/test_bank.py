"""The bank of questions, as its administrators fill it."""

from typing import Any
from uuid import uuid4

import pytest

from tests.component.assessment.quizzes.contest import (
    QUESTIONS,
    Contest,
    a_question,
    good,
    pages,
    refused,
)
from tests.support.apps import App


def test_a_question_is_written_listed_and_changed(app: App) -> None:
    admin = app.person("district-admin", unit=f"wh/d{uuid4().hex[:6]}")

    written = good(admin.post(QUESTIONS, a_question()))
    changed = good(admin.patch(f"{QUESTIONS}/{written['id']}", {"right": [1, 2]}), 200)
    [listed] = good(admin.get(QUESTIONS), 200)["items"]

    assert written["right"] == [2]
    assert written["explanation"] == {"zh": "深呼吸使人平静。", "en": ""}
    assert changed == listed == {**written, "right": [1, 2]}


def test_questions_come_in_pages_newest_first_and_by_topic(app: App) -> None:
    admin = app.person("unit-admin", unit=f"wh/hc/e{uuid4().hex[:6]}")
    written = [good(admin.post(QUESTIONS, a_question(topic=f"主题{n}")))["id"] for n in range(5)]

    listed = pages(admin, QUESTIONS, 2)
    [third] = good(admin.get(QUESTIONS, params={"topic": "主题3"}), 200)["items"]

    assert [each["id"] for each in listed] == written[::-1]
    assert third["id"] == written[3]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"choices": [{"zh": "一"}]}, "choices"),
        ({"choices": [{"zh": "一"}] * 7}, "choices"),
        ({"right": []}, "right"),
        ({"right": [4]}, "right"),
        ({"right": [2, 2]}, "right"),
        ({"text": {"zh": ""}}, "text.zh"),
        ({"text": {"en": "no Chinese"}}, "text.zh"),
        ({"topic": " x"}, "topic"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(app: App, wrong: Any, field: str) -> None:
    answer = app.person("city-admin", unit="wh").post(QUESTIONS, a_question(**wrong))

    assert answer.status_code == 422
    assert field in {each["field"] for each in answer.json()["errors"]}


def test_a_question_that_is_asked_stays_as_it_is_and_can_be_taken_out_of_use(app: App) -> None:
    contest = Contest(app)
    question = f"{QUESTIONS}/{contest.bank[0]}"
    before = contest.admin.patch(question, {"explanation": {"zh": "新的解释"}})

    contest.open()
    after = contest.admin.patch(question, {"explanation": {"zh": "更新的解释"}})
    retired = contest.admin.patch(question, {"active": False})

    assert good(before, 200)["asked"] is False
    refused(after, 409, "question-in-use")
    assert (good(retired, 200)["asked"], retired.json()["active"]) == (True, False)


def test_a_question_that_was_taken_out_of_use_is_not_asked(app: App) -> None:
    contest = Contest(app, bank=3)
    contest.admin.patch(f"{QUESTIONS}/{contest.bank[0]}", {"active": False})

    answer = contest.admin.post(f"{contest.administered}/open")

    refused(answer, 409, "quiz-not-enough-questions")
    assert contest.seen()["state"] == "draft"


@pytest.mark.parametrize("unit", ["wh/h", "wh/hc2", "wh/hc/e0001"])
def test_nobody_writes_or_reads_the_questions_of_another_subtree(app: App, unit: str) -> None:
    question = good(app.person("city-admin", unit="wh").post(QUESTIONS, a_question(unit="wh/hc")))
    stranger = app.person("district-admin", unit=unit)

    refused(stranger.post(QUESTIONS, a_question(unit="wh/hc")), 403, "outside-your-unit")
    changing = stranger.patch(f"{QUESTIONS}/{question['id']}", {"topic": "别的"})
    refused(changing, 403, "outside-your-unit")
    listed = pages(stranger, QUESTIONS, 200) + pages(stranger, f"{QUESTIONS}?unit=wh/hc", 200)
    assert question["id"] not in {each["id"] for each in listed}


def test_the_own_administrator_and_the_city_read_them(app: App) -> None:
    city = app.person("city-admin", unit="wh")
    question = good(city.post(QUESTIONS, a_question(unit="wh/hc/e0001")))

    for admin in (city, app.person("district-admin", unit="wh/hc")):
        listed = pages(admin, f"{QUESTIONS}?unit=wh/hc", 200)
        assert question["id"] in {each["id"] for each in listed}


def test_a_question_that_is_not_there_is_not_found(app: App) -> None:
    answer = app.person("city-admin", unit="wh").patch(f"{QUESTIONS}/{uuid4()}", {"topic": "x"})

    refused(answer, 404, "question-not-found")
