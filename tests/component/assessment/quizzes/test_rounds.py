"""Rounds, as administrators plan, open and close them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import eventlet
import pytest

from tests.component.assessment.quizzes.contest import (
    QUIZZES,
    ROUNDS,
    UNIT,
    Contest,
    a_plan,
    good,
    pages,
    refused,
)
from tests.support.apps import App, eventually


def test_a_draft_is_changed_until_it_is_opened(app: App) -> None:
    contest = Contest(app)

    changed = good(contest.admin.patch(contest.administered, {"seconds": 60, "prizes": []}), 200)
    contest.open()
    after = contest.admin.patch(contest.administered, {"seconds": 90})

    assert (changed["state"], changed["seconds"], changed["prizes"]) == ("draft", 60, [])
    refused(after, 409, "quiz-not-draft")
    refused(contest.admin.post(f"{contest.administered}/open"), 409, "quiz-not-draft")
    assert contest.seen()["seconds"] == 60


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"closes_at": "2020-01-01T00:00:00Z"}, "closes_at"),
        ({"opens_at": "2026-01-01T00:00:00"}, "opens_at"),
        ({"questions": 0}, "questions"),
        ({"questions": 101}, "questions"),
        ({"seconds": 9}, "seconds"),
        ({"prizes": [{"title": "奖", "count": 1, "least_points": 4}]}, "prizes"),
        ({"prizes": [{"title": "奖", "count": 0}]}, "prizes.0.count"),
        ({"unit": "wh/../hc"}, "unit"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(app: App, wrong: Any, field: str) -> None:
    answer = app.person("city-admin", unit="wh").post(ROUNDS, a_plan(**wrong))

    assert answer.status_code == 422, answer.text
    assert field in {each["field"] for each in answer.json()["errors"]}


def test_a_round_without_a_unit_is_for_the_planners_own(app: App) -> None:
    admin = app.person("unit-admin", unit=UNIT)

    planned = good(admin.post(ROUNDS, a_plan()))

    assert (planned["unit"], planned["bank"], planned["state"]) == (UNIT, UNIT, "draft")


@pytest.mark.parametrize("unit", ["wh/h", "wh/hc2", "wh/hc/e0001"])
def test_an_administrator_of_another_subtree_reaches_nothing(app: App, unit: str) -> None:
    contest = Contest(app, unit="wh/hc")
    stranger = app.person("district-admin", unit=unit)

    answers = [
        stranger.post(ROUNDS, a_plan(unit="wh/hc")),
        stranger.post(ROUNDS, a_plan(bank="wh")),
        stranger.get(contest.administered),
        stranger.patch(contest.administered, {"seconds": 60}),
        stranger.post(f"{contest.administered}/open"),
        stranger.post(f"{contest.administered}/draw"),
        stranger.get(f"{contest.administered}/winners"),
        stranger.post(f"{contest.administered}/winners/ABCDEFGHJK/claim"),
    ]

    for answer in answers:
        refused(answer, 403, "outside-your-unit")
    assert contest.id not in {each["id"] for each in pages(stranger, ROUNDS, 200)}


def test_a_draft_is_not_moved_out_of_reach(app: App) -> None:
    admin = app.person("district-admin", unit="wh/hc")
    path = f"{ROUNDS}/{good(admin.post(ROUNDS, a_plan()))['id']}"

    refused(admin.patch(path, {"unit": "wh/h"}), 403, "outside-your-unit")
    refused(admin.patch(path, {"bank": "wh"}), 403, "outside-your-unit")
    assert good(admin.patch(path, {"unit": UNIT}), 200)["unit"] == UNIT


def test_rounds_are_listed_in_pages_for_administrators(app: App) -> None:
    admin = app.person("unit-admin", unit=f"wh/hc/e{uuid4().hex[:6]}")
    now = datetime.now(UTC)
    planned = [
        good(admin.post(ROUNDS, a_plan(opens_at=(now - timedelta(days=n)).isoformat())))["id"]
        for n in range(5)
    ]

    assert [each["id"] for each in pages(admin, ROUNDS, 2)] == planned


def test_people_see_the_rounds_for_their_unit_and_no_draft(app: App) -> None:
    opened, draft = Contest(app).open(), Contest(app)
    inside, above, beside = (
        app.person("worker", unit=unit) for unit in (UNIT, "wh", "wh/hc2/e0001")
    )

    def sees(person: Any) -> set[str]:
        return {each["id"] for each in pages(person, QUIZZES, 2)}

    assert opened.id in sees(inside)
    assert draft.id not in sees(inside)
    assert opened.id not in sees(above) | sees(beside)
    refused(inside.get(draft.path), 404, "quiz-not-found")
    refused(beside.get(opened.path), 404, "quiz-not-found")
    refused(inside.get(f"{QUIZZES}/{uuid4()}"), 404, "quiz-not-found")
    assert good(inside.get(opened.path), 200)["commitment"] == opened.opened["commitment"]


def test_what_people_see_of_a_round_holds_no_seed_and_no_numbers(app: App) -> None:
    contest = Contest(app).open()

    shown = good(contest.somebody().get(contest.path), 200)

    assert shown["seed"] is None
    assert not shown.keys() & {"participants", "participants_below", "sealed_seed", "bank"}


def test_a_round_whose_window_is_over_is_not_opened(app: App) -> None:
    over = {
        "opens_at": "2025-01-01T00:00:00Z",
        "closes_at": "2025-01-02T00:00:00Z",
    }
    contest = Contest(app, **over)

    refused(contest.admin.post(f"{contest.administered}/open"), 409, "quiz-over")


def test_opening_twice_at_once_commits_to_one_seed(app: App) -> None:
    contest = Contest(app)
    pool = eventlet.GreenPool()

    answers = list(
        pool.imap(lambda _: contest.admin.post(f"{contest.administered}/open"), range(4))
    )

    assert sorted(each.status_code for each in answers) == [200, 409, 409, 409]
    [won] = [each.json() for each in answers if each.status_code == 200]
    assert contest.seen()["commitment"] == won["commitment"]


def test_a_round_closes_by_itself_at_the_end_of_its_window(app: App) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=2)
    contest = Contest(app, closes_at=soon.isoformat()).open()

    eventually(lambda: contest.seen()["state"] == "closed", what="the timer")

    assert datetime.now(UTC) >= soon
    refused(contest.start(contest.somebody()), 409, "quiz-over")


def test_how_many_took_part_is_told_from_ten_on(app: App) -> None:
    contest = Contest(app).open()

    def told() -> tuple[Any, Any]:
        seen = contest.seen()
        return seen["participants"], seen["participants_below"]

    for _ in range(9):
        contest.take(contest.somebody())
    good(contest.start(contest.somebody()))
    nine = told()
    contest.take(contest.somebody())

    assert nine == (None, 10)
    assert told() == (10, None)
