"""What the use cases of quizzes need of storage, in their words."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from services.assessment.quizzes.attempts.domain import Attempt
from services.assessment.quizzes.bank.domain import Question
from services.assessment.quizzes.rounds.domain import Round
from services.assessment.quizzes.rounds.draw import Winner
from services.chassis.work import Work


class Questions(Protocol):
    """The bank."""

    def add(self, question: Question) -> None:
        """Keep a new one."""
        ...

    def get(self, question: UUID) -> Question:
        """Locked until the end of the work; raises QuestionNotFound."""
        ...

    def was_asked(self, question: UUID) -> bool:
        """Whether a round that was opened holds it."""
        ...

    def save(self, question: Question) -> None:
        """Keep what changed."""
        ...

    def of_round(self, round_id: UUID) -> Sequence[UUID]:
        """The questions an opened round draws from."""
        ...

    def several(self, wanted: Sequence[UUID]) -> Sequence[Question]:
        """These, in this order."""
        ...


class Rounds(Protocol):
    """Rounds, their seeds and their winners."""

    def add(self, round_: Round) -> None:
        """Keep a draft."""
        ...

    def look(self, round_id: UUID) -> Round:
        """As it is; raises RoundNotFound."""
        ...

    def get(self, round_id: UUID) -> Round:
        """Nobody changes its state until the end of the work; raises RoundNotFound."""
        ...

    def get_alone(self, round_id: UUID) -> Round:
        """Nobody else works on it until the end of the work; raises RoundNotFound."""
        ...

    def save(self, round_: Round) -> None:
        """Keep what changed."""
        ...

    def fix_questions(self, round_: Round) -> int:
        """What the bank offers for it is what it draws from; returns how many."""
        ...

    def keep_seed(self, round_id: UUID, seed: bytes) -> None:
        """Keep it secret."""
        ...

    def seed_of(self, round_id: UUID) -> bytes:
        """The secret."""
        ...

    def add_winners(self, round_id: UUID, winners: Sequence[Winner]) -> None:
        """Keep the outcome."""
        ...

    def claim(self, round_id: UUID, entry: str, at: datetime) -> None:
        """Note that the prize was handed over, the first time; raises WinnerNotFound."""
        ...

    def prize_of(self, round_id: UUID, entry: str) -> tuple[int, datetime | None] | None:
        """The number of the prize an entry won and when it was handed over."""
        ...


class Attempts(Protocol):
    """Attempts, with what a person chose and answered sealed for that person."""

    def start(self, attempt: Attempt) -> Attempt:
        """Keep it, or find the person's earlier one of this round."""
        ...

    def look(self, round_id: UUID, person: UUID) -> Attempt:
        """The person's, as it is; raises AttemptNotFound."""
        ...

    def get(self, round_id: UUID, person: UUID) -> Attempt:
        """The person's, locked until the end of the work; raises AttemptNotFound."""
        ...

    def save(self, attempt: Attempt) -> None:
        """Keep what was handed in."""
        ...

    def entries(self, round_id: UUID) -> Mapping[str, int]:
        """The entry numbers that were handed in, with their points."""
        ...

    def best(self, round_id: UUID, most: int) -> Sequence[tuple[str | None, int, int]]:
        """Nickname, points and seconds of the first ones; no nickname where it was forgotten."""
        ...

    def place_of(self, attempt: Attempt) -> int:
        """How many did better, plus one."""
        ...

    def forget(self, person: UUID) -> None:
        """Nothing leads from a person to an attempt any more; drawn rounds keep their entries."""
        ...

    def forget_older(self, than: timedelta) -> int:
        """The same for everybody, in rounds that closed so long ago; returns how many."""
        ...


class QuizWork(Work, Protocol):
    """The part of the unit of work that quizzes use."""

    @property
    def quiz_questions(self) -> Questions: ...
    @property
    def quiz_rounds(self) -> Rounds: ...
    @property
    def quiz_attempts(self) -> Attempts: ...
