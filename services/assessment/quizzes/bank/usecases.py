"""Administrators write questions, and change them until they are asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.assessment.quizzes.bank.domain import Question
from services.assessment.quizzes.ports import QuizWork
from services.assessment.quizzes.reach import require_reach
from services.chassis.access import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeQuestion:
    """Some of a question's fields anew."""

    question: UUID
    by: Principal
    changes: Mapping[str, Any] = field(default_factory=dict)


def write_question(question: Question, *, by: Principal, uow: QuizWork) -> Question:
    """Raises OutsideYourUnit."""
    require_reach(by, question.unit)
    with uow:
        uow.quiz_questions.add(question)
        uow.commit()
    return question


def change_question(command: ChangeQuestion, *, uow: QuizWork) -> tuple[Question, bool]:
    """The question, and whether a round asks it.

    Raises QuestionNotFound, OutsideYourUnit, QuestionInUse and RightAnswersUnclear.
    """
    with uow:
        question = uow.quiz_questions.get(command.question)
        require_reach(command.by, question.unit)
        asked = uow.quiz_questions.was_asked(question.id)
        question = question.changed(command.changes, asked=asked)
        uow.quiz_questions.save(question)
        uow.commit()
    return question, asked
