"""Taking part: once, within the time, marked once, with a place under a nickname."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import eventlet
import pytest
from sqlalchemy import text

from services.assessment.quizzes.attempts.usecases import forget_person
from services.assessment.wiring import AssessmentUnitOfWork
from tests.component.assessment.people import Sent
from tests.component.assessment.quizzes.contest import UNIT, Contest, good, refused
from tests.support.apps import App, Client


@pytest.fixture(scope="module")
def contest(app: App) -> Contest:
    """One round that is on; tests take part as people of their own."""
    return Contest(app).open()


def completions(sent: Sent, contest: Contest) -> list[Any]:
    return [row for row in sent.rows("quiz-completed") if row.data["round"] == contest.id]


def test_a_person_gets_questions_hands_in_and_learns_what_was_right(
    contest: Contest, worker: Client
) -> None:
    started = good(contest.start(worker))
    asked = started["questions"]
    result = good(contest.submit(worker, {asked[0]["id"]: [2], asked[1]["id"]: [1]}), 200)

    assert started["state"] == "running"
    assert len(asked) == 3
    assert all(each.keys() == {"id", "text", "several", "choices"} for each in asked)
    assert (result["state"], result["points"], result["out_of"]) == ("submitted", 1, 3)
    assert [each["correct"] for each in result["questions"]] == [True, False, False]
    assert [each["chosen"] for each in result["questions"]] == [[2], [1], []]
    assert {each["explanation"] for each in result["questions"]} == {"深呼吸使人平静。"}
    assert good(worker.get(f"{contest.path}/attempt"), 200) == result


def test_questions_come_in_english_where_it_is_asked_for(contest: Contest, worker: Client) -> None:
    headers = {"Accept-Language": "en"}
    path, body = f"{contest.path}/attempt", {"nickname": "sunny"}

    asked = good(worker.post(path, body, headers=headers))["questions"]

    assert {each["text"] for each in asked} == {"What first under stress?"}
    assert [each["text"] for each in asked[0]["choices"]] == ["熬夜", "Breathe", "喝酒"]


def test_beginning_again_shows_the_same_and_the_clock_runs_on(
    contest: Contest, worker: Client
) -> None:
    first = good(contest.start(worker))
    again = good(contest.start(worker, nickname="别的名字"))

    assert again == first
    assert good(worker.get(f"{contest.path}/attempt"), 200) == first


def test_people_are_asked_in_orders_of_their_own(contest: Contest) -> None:
    asked = {
        tuple(each["id"] for each in good(contest.start(contest.somebody()))["questions"])
        for _ in range(6)
    }

    assert len(asked) > 1


def test_a_round_is_taken_once(contest: Contest, worker: Client) -> None:
    contest.take(worker)

    refused(contest.start(worker), 409, "quiz-already-taken")


def test_beginning_many_times_at_once_is_one_attempt(contest: Contest, worker: Client) -> None:
    pool = eventlet.GreenPool()

    started = [good(each) for each in pool.imap(lambda _: contest.start(worker), range(6))]

    assert len({each["entry"] for each in started}) == 1
    assert len({each["started_at"] for each in started}) == 1


def test_handing_in_again_gives_the_first_result(
    contest: Contest, worker: Client, sent: Sent
) -> None:
    result = contest.take(worker, right=1)
    before = len(completions(sent, contest))

    all_right = {each["id"]: [2] for each in result["questions"]}
    again = good(contest.submit(worker, all_right), 200)

    assert {**again, "place": 0} == {**result, "place": 0}
    assert len(completions(sent, contest)) == before


def test_handing_in_many_times_at_once_counts_once(app: App, sent: Sent) -> None:
    contest = Contest(app).open()
    worker = contest.somebody()
    asked = [each["id"] for each in good(contest.start(worker))["questions"]]
    sheets = [{each: [choice] for each in asked} for choice in (1, 2, 3, 1, 2, 3)]
    pool = eventlet.GreenPool()

    results = [good(each, 200) for each in pool.imap(lambda s: contest.submit(worker, s), sheets)]

    assert len({each["points"] for each in results}) == 1
    assert all(each["questions"] == results[0]["questions"] for each in results)
    assert len(completions(sent, contest)) == 1


def test_the_last_seconds_count_and_then_the_time_is_up(contest: Contest) -> None:
    in_time, late = contest.somebody(), contest.somebody()
    good(contest.start(in_time)), good(contest.start(late))
    contest.begun_earlier(in_time.person, 290)
    contest.begun_earlier(late.person, 300)

    taken, refusal = contest.submit(in_time, {}), contest.submit(late, {})

    assert 290 <= good(taken, 200)["seconds"] < 300
    refused(refusal, 409, "quiz-time-is-up")
    over = good(late.get(f"{contest.path}/attempt"), 200)
    assert over["state"] == "expired"
    assert "right" not in over["questions"][0]
    assert contest.start(late).json()["state"] == "expired"


def test_the_end_of_the_window_ends_every_attempt(app: App) -> None:
    contest = Contest(app).open()
    worker = contest.somebody()
    good(contest.start(worker))

    contest.end()

    refused(contest.submit(worker, {}), 409, "quiz-time-is-up")
    refused(contest.start(contest.somebody()), 409, "quiz-over")


def test_before_its_window_nobody_begins(app: App) -> None:
    later = (datetime.now(UTC) + timedelta(minutes=30)).isoformat()
    contest = Contest(app, opens_at=later).open()

    refused(contest.start(contest.somebody()), 409, "quiz-not-open-yet")


@pytest.mark.parametrize("unit", ["wh", "wh/h", "wh/hc2/e0001", "wh/hcx"])
def test_people_of_other_units_find_nothing(contest: Contest, unit: str) -> None:
    stranger = contest.app.person("worker", unit=unit)

    for path in ("", "/attempt", "/ranking", "/entries", "/winners"):
        refused(stranger.get(f"{contest.path}{path}"), 404, "quiz-not-found")
    refused(contest.start(stranger), 404, "quiz-not-found")
    refused(contest.submit(stranger, {}), 404, "quiz-not-found")


def test_who_has_not_begun_hands_nothing_in(contest: Contest, worker: Client) -> None:
    refused(contest.submit(worker, {}), 404, "quiz-attempt-not-found")
    refused(worker.get(f"{contest.path}/attempt"), 404, "quiz-attempt-not-found")


def test_answers_to_what_was_not_asked_are_refused_and_may_be_mended(
    contest: Contest, worker: Client
) -> None:
    asked = good(contest.start(worker))["questions"]
    unasked = (set(contest.bank) - {each["id"] for each in asked}).pop()

    for answers in ({unasked: [1]}, {str(uuid4()): [1]}, {asked[0]["id"]: [4]}):
        refused(contest.submit(worker, answers), 422, "quiz-not-asked")

    assert good(contest.submit(worker, {asked[0]["id"]: [2]}), 200)["points"] == 1


@pytest.mark.parametrize("nickname", ["", " x", "a\nb", "名" * 21, None, 7])
def test_a_nickname_is_one_short_line(contest: Contest, worker: Client, nickname: Any) -> None:
    answer = worker.post(f"{contest.path}/attempt", {"nickname": nickname})

    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["errors"]} == {"nickname"}


def test_the_others_hear_that_one_more_was_handed_in_and_nothing_else(app: App, sent: Sent) -> None:
    contest = Contest(app).open()
    worker = contest.somebody()

    result = contest.take(worker)

    [row] = completions(sent, contest)
    assert (row.unit, row.data.keys()) == (UNIT, {"completion", "round"})
    with app.runtime("assessment").database.reading() as connection:
        kept = connection.execute(
            text("SELECT id::text, entry FROM quiz_attempts WHERE person = :person"),
            {"person": worker.person},
        ).one()
    assert row.data["completion"] not in {kept.id, kept.entry, str(worker.person)}
    assert result["entry"] == kept.entry


def test_nickname_and_answers_are_not_in_the_clear(app: App, contest: Contest) -> None:
    worker = contest.somebody()
    result = contest.take(worker, nickname="阳光灿烂柒柒")

    with app.runtime("assessment").database.reading() as connection:
        [row] = connection.execute(
            text("SELECT * FROM quiz_attempts WHERE person = :person"), {"person": worker.person}
        ).mappings()
    written = " ".join(str(value) for name, value in row.items() if name != "sealed")
    sealed = bytes(row["sealed"])
    assert "阳光灿烂柒柒" not in written
    assert "阳光灿烂柒柒".encode() not in sealed
    assert result["questions"][0]["id"].encode() not in sealed


def test_the_ranking_goes_by_points_then_time_and_equals_share_a_place(app: App) -> None:
    contest = Contest(app).open()
    people = {name: contest.somebody() for name in ("快", "慢", "同", "少")}
    for name, person in people.items():
        contest.take(person, right=1 if name == "少" else 3, nickname=name)
    for name, seconds in {"快": 20, "慢": 50, "同": 20, "少": 5}.items():
        contest.took(people[name].person, seconds)

    shown = good(people["少"].get(f"{contest.path}/ranking"), 200)
    first = good(people["慢"].get(f"{contest.path}/ranking", params={"limit": 1}), 200)

    assert [each["place"] for each in shown["items"]] == [1, 1, 3, 4]
    assert [each["nickname"] for each in shown["items"][2:]] == ["慢", "少"]
    assert {each["nickname"] for each in shown["items"][:2]} == {"快", "同"}
    assert shown["own"] == {"place": 4, "nickname": "少", "points": 1, "seconds": 5}
    assert (len(first["items"]), first["own"]["place"]) == (1, 3)
    assert good(people["同"].get(f"{contest.path}/attempt"), 200)["place"] == 1


def test_who_has_not_handed_in_stands_in_no_ranking(app: App) -> None:
    contest = Contest(app).open()
    worker = contest.somebody()
    good(contest.start(worker))

    shown = good(worker.get(f"{contest.path}/ranking"), 200)

    assert (shown["items"], shown["own"]) == ([], None)


def test_nobody_learns_another_persons_id(app: App) -> None:
    contest = Contest(app).open()
    people = [contest.somebody() for _ in range(3)]
    for person in people:
        contest.take(person)
    contest.end().draw()
    reader = contest.somebody()

    paths = [contest.path + each for each in ("", "/ranking", "/entries", "/winners")]
    shown = "".join(reader.get(path).text for path in paths)

    assert shown.count("小太阳") == 3
    assert not any(str(person.person) in shown for person in people)


def test_an_idempotency_key_repeats_the_first_result(contest: Contest, worker: Client) -> None:
    good(contest.start(worker))
    path, headers = f"{contest.path}/attempt/submit", {"Idempotency-Key": str(uuid4())}

    first = worker.post(path, {"answers": {}}, headers=headers)
    again = worker.post(path, {"answers": {}}, headers=headers)

    assert good(first, 200) == good(again, 200)
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_person_who_is_forgotten_leaves_no_attempt(app: App) -> None:
    contest = Contest(app).open()
    gone, stays = contest.somebody(), contest.somebody()
    contest.take(gone), contest.take(stays)

    with app.runtime("assessment").unit_of_work(AssessmentUnitOfWork) as uow:
        assert gone.person
        forget_person(gone.person, uow=uow)

    refused(gone.get(f"{contest.path}/attempt"), 404, "quiz-attempt-not-found")
    entries = good(stays.get(f"{contest.end().path}/entries"), 200)["items"]
    assert len(entries) == 1
