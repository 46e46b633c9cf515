"""Questions as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from services.assessment.quizzes.bank.domain import Question, QuestionNotFound, Words
from services.assessment.quizzes.tables import questions, round_questions


class QuestionRepository:
    """The questions of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, question: Question) -> None:
        """Keep a new one."""
        self._connection.execute(questions.insert().values(_row(question)))

    def get(self, question: UUID) -> Question:
        """Locked until the end of the work; raises QuestionNotFound."""
        query = select(questions).where(questions.c.id == question).with_for_update()
        row = self._connection.execute(query).mappings().first()
        if row is None:
            raise QuestionNotFound
        return question_of(row)

    def was_asked(self, question: UUID) -> bool:
        """Whether a round that was opened holds it."""
        held = select(round_questions).where(round_questions.c.question == question).limit(1)
        return self._connection.execute(held).first() is not None

    def save(self, question: Question) -> None:
        """Keep what changed."""
        changed = questions.update().where(questions.c.id == question.id)
        self._connection.execute(changed.values(_row(question)))

    def of_round(self, round_id: UUID) -> Sequence[UUID]:
        """The questions an opened round draws from."""
        query = select(round_questions.c.question).where(round_questions.c.round == round_id)
        return self._connection.execute(query).scalars().all()

    def several(self, wanted: Sequence[UUID]) -> Sequence[Question]:
        """These, in this order."""
        query = select(questions).where(questions.c.id.in_(wanted))
        found = {row["id"]: question_of(row) for row in self._connection.execute(query).mappings()}
        return [found[each] for each in wanted]


def question_of(row: Mapping[Any, Any]) -> Question:
    """A row as the domain knows it."""
    return Question(
        id=row["id"],
        unit=row["unit"],
        topic=row["topic"],
        text=Words(**row["text"]),
        choices=tuple(Words(**each) for each in row["choices"]),
        right=tuple(row["right_choices"]),
        explanation=Words(**row["explanation"]),
        active=row["active"],
    )


def _row(question: Question) -> dict[str, Any]:
    row = asdict(question)
    right = list(row.pop("right"))
    return {**row, "right_choices": right, "choices": list(row["choices"])}
