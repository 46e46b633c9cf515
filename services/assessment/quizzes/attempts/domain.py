"""One person's attempt at a round: which questions, until when, how many points, which place."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from services.assessment.quizzes.bank.domain import Question
from services.chassis.errors import Conflict, NotFound, UnprocessableInput

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
ENTRY_LENGTH = 10

Answers = Mapping[UUID, Sequence[int]]


class AttemptNotFound(NotFound):
    """The person has not begun this quiz."""

    code = "quiz-attempt-not-found"


class AlreadyTaken(Conflict):
    """One attempt a round."""

    code = "quiz-already-taken"
    title = "You have taken this quiz; a round is taken once"


class TimeIsUp(Conflict):
    """The answers came after the seconds allowed, or after the round's end."""

    code = "quiz-time-is-up"
    title = "The time for this quiz is up; answers are no longer taken"


class NotAsked(UnprocessableInput):
    """An answer to a question that this attempt does not hold, or a choice that it has not."""

    code = "quiz-not-asked"
    title = "Answers name questions and choices of this attempt only"
    field = "answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A person's only attempt at a round; `entry` stands for it where others look."""

    id: UUID
    round: UUID
    person: UUID
    entry: str
    nickname: str
    started_at: datetime
    answers: Answers | None = None
    submitted_at: datetime | None = None
    points: int | None = None
    seconds: int | None = None

    def submitted(
        self, answers: Answers, asked: Sequence[Question], *, now: datetime, deadline: datetime
    ) -> "Attempt":
        """Marked, with the time it took by our clock; raises TimeIsUp and NotAsked."""
        if now >= deadline:
            raise TimeIsUp
        known = {question.id: question for question in asked}
        for question_id, chosen in answers.items():
            question = known.get(question_id)
            if question is None or any(not 1 <= each <= len(question.choices) for each in chosen):
                raise NotAsked
        return replace(
            self,
            answers=answers,
            submitted_at=now,
            points=points_of(answers, asked),
            seconds=int((now - self.started_at).total_seconds()),
        )


def points_of(answers: Answers, asked: Iterable[Question]) -> int:
    """One for each question of which all right choices, and no wrong one, were marked."""
    return sum(question.is_right(answers.get(question.id, ())) for question in asked)


def questions_for(round_id: UUID, person: UUID, pool: Iterable[UUID], count: int) -> list[UUID]:
    """The questions a person is asked, in the person's own order: the same whenever they look."""
    salt = round_id.bytes + person.bytes
    return sorted(pool, key=lambda each: sha256(salt + each.bytes).digest())[:count]


def places(scores: Sequence[tuple[int, int]]) -> list[int]:
    """The places of (points, seconds), best first: who is equal shares one, and as many are left
    out after it.
    """
    found: list[int] = []
    for position, score in enumerate(scores):
        tied = position > 0 and score == scores[position - 1]
        found.append(found[-1] if tied else position + 1)
    return found


def new_entry(below: Callable[[int], int]) -> str:
    """A number that says nothing of its owner; `below(n)` is a random integer below n."""
    return "".join(ALPHABET[below(len(ALPHABET))] for _ in range(ENTRY_LENGTH))
