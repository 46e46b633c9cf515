"""A person takes part: begins, hands in, looks at the own attempt and at the ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.assessment.quizzes.attempts.domain import (
    AlreadyTaken,
    Answers,
    Attempt,
    AttemptNotFound,
    places,
    questions_for,
)
from services.assessment.quizzes.attempts.publishing import quiz_completed
from services.assessment.quizzes.bank.domain import Question
from services.assessment.quizzes.ports import QuizWork
from services.assessment.quizzes.rounds.domain import Round
from services.chassis.access import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class StartAttempt:
    """Take part in a round under a nickname; `entry` stands for the attempt in the draw."""

    attempt: UUID
    round: UUID
    by: Principal
    nickname: str
    entry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitAttempt:
    """The answers; `completion` is the id under which the others hear of it."""

    round: UUID
    by: Principal
    answers: Answers
    completion: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """An attempt with what it asks and, once it is handed in, what it came to."""

    attempt: Attempt
    round: Round
    asked: Sequence[Question]
    now: datetime
    place: int | None = None
    prize: int | None = None
    claimed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The first places, and the person's own attempt with its place."""

    first: Sequence[Mapping[str, object]]
    own: Attempt | None
    place: int | None


def start_attempt(command: StartAttempt, *, uow: QuizWork) -> Sheet:
    """The same questions again, with the same clock running, where it was begun before.

    Raises RoundNotFound, RoundNotOpenYet, RoundOver and AlreadyTaken.
    """
    with uow:
        round_ = _round_for(command.round, command.by, uow)
        round_.check_running(uow.now())
        attempt = uow.quiz_attempts.start(
            Attempt(
                id=command.attempt,
                round=round_.id,
                person=command.by.person,
                entry=command.entry,
                nickname=command.nickname,
                started_at=uow.now(),
            )
        )
        if attempt.submitted_at is not None:
            raise AlreadyTaken
        sheet = _sheet(attempt, round_, uow)
        uow.commit()
    return sheet


def submit_attempt(command: SubmitAttempt, *, uow: QuizWork) -> Sheet:
    """Marked once: whatever is handed in later gets the first result.

    Raises RoundNotFound, AttemptNotFound, RoundOver, TimeIsUp and NotAsked.
    """
    with uow:
        round_ = uow.quiz_rounds.get(command.round)
        round_.check_for(command.by.unit)
        attempt = uow.quiz_attempts.get(round_.id, command.by.person)
        if attempt.submitted_at is None:
            attempt = attempt.submitted(
                command.answers,
                _asked(round_, attempt.person, uow),
                now=uow.now(),
                deadline=round_.deadline_of(attempt.started_at),
            )
            round_.check_running(uow.now())
            uow.quiz_attempts.save(attempt)
            uow.publish(quiz_completed(round_.id, command.completion), unit=command.by.unit)
        sheet = _sheet(attempt, round_, uow)
        uow.commit()
    return sheet


def read_attempt(round_id: UUID, *, by: Principal, uow: QuizWork) -> Sheet:
    """One's own; raises RoundNotFound and AttemptNotFound."""
    with uow:
        round_ = _round_for(round_id, by, uow)
        return _sheet(uow.quiz_attempts.look(round_.id, by.person), round_, uow)


def read_ranking(round_id: UUID, most: int, *, by: Principal, uow: QuizWork) -> Ranking:
    """The first so many; raises RoundNotFound."""
    with uow:
        round_ = _round_for(round_id, by, uow)
        best = uow.quiz_attempts.best(round_.id, most)
        standing = places([(points, seconds) for _, points, seconds in best])
        first = [
            {"place": place, "nickname": nickname, "points": points, "seconds": seconds}
            for place, (nickname, points, seconds) in zip(standing, best, strict=True)
        ]
        own = _own_result(round_, by, uow)
        place = uow.quiz_attempts.place_of(own) if own else None
        return Ranking(first=first, own=own, place=place)


def forget_person(person: UUID, *, uow: QuizWork) -> None:
    """Their attempts are deleted; what a draw that is over was made of stays, without them."""
    with uow:
        uow.quiz_attempts.forget(person)
        uow.commit()


def forget_old_attempts(kept: timedelta, *, uow: QuizWork) -> int:
    """The same for rounds that closed so long ago. Returns how many attempts."""
    with uow:
        forgotten = uow.quiz_attempts.forget_older(kept)
        uow.commit()
    return forgotten


def _round_for(round_id: UUID, by: Principal, uow: QuizWork) -> Round:
    round_ = uow.quiz_rounds.look(round_id)
    round_.check_for(by.unit)
    return round_


def _own_result(round_: Round, by: Principal, uow: QuizWork) -> Attempt | None:
    try:
        attempt = uow.quiz_attempts.look(round_.id, by.person)
    except AttemptNotFound:
        return None
    return attempt if attempt.submitted_at else None


def _asked(round_: Round, person: UUID, uow: QuizWork) -> Sequence[Question]:
    pool = uow.quiz_questions.of_round(round_.id)
    chosen = questions_for(round_.id, person, pool, round_.questions)
    return uow.quiz_questions.several(chosen)


def _sheet(attempt: Attempt, round_: Round, uow: QuizWork) -> Sheet:
    sheet = Sheet(
        attempt=attempt,
        round=round_,
        asked=_asked(round_, attempt.person, uow),
        now=uow.now(),
    )
    if attempt.submitted_at is None:
        return sheet
    prize, claimed_at = uow.quiz_rounds.prize_of(round_.id, attempt.entry) or (None, None)
    place = uow.quiz_attempts.place_of(attempt)
    return replace(sheet, place=place, prize=prize, claimed_at=claimed_at)
