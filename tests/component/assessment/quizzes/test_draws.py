"""The draw: committed to, recomputed by anybody, and handed over by entry number."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from services.assessment.quizzes.attempts.usecases import forget_old_attempts, forget_person
from services.assessment.wiring import AssessmentUnitOfWork
from tests.component.assessment.quizzes.contest import (
    QUIZZES,
    ROUNDS,
    Contest,
    good,
    pages,
    refused,
)
from tests.support.apps import App, Client

PRIZES = [
    {"title": "血压计", "count": 1, "least_points": 3},
    {"title": "保温杯", "count": 3, "least_points": 1},
]


class Drawn:
    """A round of twelve people, drawn."""

    def __init__(self, app: App) -> None:
        self.contest = Contest(app, prizes=PRIZES).open()
        self.results: dict[str, tuple[Client, Any]] = {}
        for number in range(12):
            person = self.contest.somebody()
            result = self.contest.take(person, right=number % 4, nickname=f"选手{number}")
            self.results[result["entry"]] = (person, result)
        self.contest.end()
        self.reader = self.contest.somebody()
        self.entries = pages(self.reader, f"{self.contest.path}/entries", 5)
        self.round = self.contest.draw()
        self.winners = pages(self.reader, f"{self.contest.path}/winners", 3)


@pytest.fixture(scope="module")
def drawn(app: App) -> Drawn:
    return Drawn(app)


def recomputed(seed: str, entries: list[Any], prizes: list[Any]) -> list[tuple[int, str]]:
    """By the words of the document alone, without the code that drew."""
    digests = []
    for each in entries:
        digest = hashlib.sha256(bytes.fromhex(seed) + each["entry"].encode()).hexdigest()
        digests.append((digest, each["entry"], each["qualifies_for"]))
    won: dict[str, int] = {}
    for prize in prizes:
        left = prize["count"]
        for _, entry, qualifies in sorted(digests):
            if left and entry not in won and prize["number"] in qualifies:
                won[entry] = prize["number"]
                left -= 1
    return sorted((prize, entry) for entry, prize in won.items())


def test_anybody_can_recompute_the_draw(drawn: Drawn) -> None:
    public = good(drawn.reader.get(drawn.contest.path), 200)

    expected = recomputed(public["seed"], list(drawn.entries), public["prizes"])

    assert [(each["prize"], each["entry"]) for each in drawn.winners] == expected
    assert [each["prize"] for each in drawn.winners] == [1, 2, 2, 2]


def test_the_seed_is_the_one_that_was_committed_to(drawn: Drawn) -> None:
    commitment = drawn.contest.opened["commitment"]

    assert hashlib.sha256(bytes.fromhex(drawn.round["seed"])).hexdigest() == commitment
    assert drawn.round["commitment"] == commitment
    assert drawn.contest.opened["seed"] is None


def test_every_entry_stands_on_the_list_with_what_it_qualifies_for(drawn: Drawn) -> None:
    points = {entry: result["points"] for entry, (_, result) in drawn.results.items()}

    assert [each["entry"] for each in drawn.entries] == sorted(points)
    for each in drawn.entries:
        expected = [1, 2] if points[each["entry"]] == 3 else [2] if points[each["entry"]] else []
        assert each["qualifies_for"] == expected


def test_each_sees_whether_they_won_and_nobody_wins_twice(drawn: Drawn) -> None:
    won = {each["entry"]: each["prize"] for each in drawn.winners}

    assert len(won) == len(drawn.winners)
    for entry, (person, _) in drawn.results.items():
        own = good(person.get(f"{drawn.contest.path}/attempt"), 200)
        assert own["prize"] == won.get(entry)


def test_a_prize_is_handed_over_by_its_entry_number(drawn: Drawn) -> None:
    contest = drawn.contest
    entry = drawn.winners[0]["entry"]
    path = f"{contest.administered}/winners"

    assert contest.admin.post(f"{path}/{entry}/claim").status_code == 204
    [first] = [each for each in pages(contest.admin, path, 3) if each["claimed_at"]]
    assert contest.admin.post(f"{path}/{entry}/claim").status_code == 204
    [again] = [each for each in pages(contest.admin, path, 200) if each["claimed_at"]]

    assert first == again
    assert (first["entry"], first["prize"]) == (entry, 1)
    person, _ = drawn.results[entry]
    own = good(person.get(f"{contest.path}/attempt"), 200)
    assert own["claimed_at"] == first["claimed_at"]


def test_an_entry_that_won_nothing_has_nothing_handed_over(drawn: Drawn) -> None:
    loser = (set(drawn.results) - {each["entry"] for each in drawn.winners}).pop()
    path = f"{drawn.contest.administered}/winners"

    for entry in (loser, "ABC", "%27%20OR%201%3D1"):
        refused(drawn.contest.admin.post(f"{path}/{entry}/claim"), 404, "quiz-winner-not-found")


def test_a_round_is_drawn_once(drawn: Drawn) -> None:
    refused(drawn.contest.admin.post(f"{drawn.contest.administered}/draw"), 409, "quiz-not-closed")

    assert drawn.contest.seen()["seed"] == drawn.round["seed"]


def test_an_open_round_is_not_drawn_and_its_entries_are_not_told(app: App) -> None:
    contest = Contest(app).open()
    person = contest.somebody()
    contest.take(person)

    refused(contest.admin.post(f"{contest.administered}/draw"), 409, "quiz-not-closed")
    refused(person.get(f"{contest.path}/entries"), 409, "quiz-entries-not-fixed")
    assert good(person.get(f"{contest.path}/winners"), 200)["items"] == []


def test_nothing_an_administrator_gets_names_a_person_or_a_nickname(drawn: Drawn) -> None:
    contest = drawn.contest
    paths = [
        contest.administered,
        f"{contest.administered}/winners",
        ROUNDS,
        f"{QUIZZES}/questions",
    ]

    shown = "".join(contest.admin.get(path).text for path in paths)

    assert contest.id in shown
    assert "选手" not in shown
    assert not any(str(person.person) in shown for person, _ in drawn.results.values())
    for path in ("", "/attempt", "/ranking", "/entries", "/winners"):
        refused(contest.admin.get(f"{contest.path}{path}"), 403, "not-allowed")


def test_a_worker_meets_no_route_of_administrators(drawn: Drawn) -> None:
    for path in ("", "/winners"):
        refused(drawn.reader.get(f"{drawn.contest.administered}{path}"), 403, "not-allowed")
    refused(drawn.reader.post(f"{drawn.contest.administered}/draw"), 403, "not-allowed")


def test_the_seed_of_an_open_round_is_sealed(app: App) -> None:
    contest = Contest(app).open()

    with app.runtime("assessment").unit_of_work(AssessmentUnitOfWork) as uow:
        seed = uow.quiz_rounds.seed_of(contest.id)
        kept = uow.connection.exec_driver_sql(
            "SELECT sealed_seed, seed FROM quiz_rounds WHERE id = %s", (contest.id,)
        ).one()

    assert hashlib.sha256(seed).hexdigest() == contest.opened["commitment"]
    assert kept.seed is None
    assert seed not in bytes(kept.sealed_seed)


def test_a_draw_can_be_recomputed_after_its_people_were_forgotten(app: App) -> None:
    drawn = Drawn(app)
    person, _ = next(iter(drawn.results.values()))
    assert person.person
    with app.runtime("assessment").unit_of_work(AssessmentUnitOfWork) as uow:
        forget_person(person.person, uow=uow)
    drawn.contest.change(
        "UPDATE quiz_rounds SET opens_at = opens_at - :by, closes_at = closes_at - :by"
        " WHERE id = :round",
        by=timedelta(days=181),
    )
    with app.runtime("assessment").unit_of_work(AssessmentUnitOfWork) as uow:
        forgotten = forget_old_attempts(timedelta(days=180), uow=uow)

    assert forgotten == 11
    assert pages(drawn.reader, f"{drawn.contest.path}/entries", 5) == drawn.entries
    ranking = good(drawn.reader.get(f"{drawn.contest.path}/ranking"), 200)["items"]
    assert {each["nickname"] for each in ranking} == {None}
    for someone, _ in drawn.results.values():
        refused(someone.get(f"{drawn.contest.path}/attempt"), 404, "quiz-attempt-not-found")
