"""Routes of the bank of questions, for administrators."""

from typing import Any
from uuid import UUID, uuid4

from services.assessment.ports import Work
from services.assessment.quizzes.bank.domain import (
    Question,
    QuestionInUse,
    QuestionNotFound,
    RightAnswersUnclear,
)
from services.assessment.quizzes.bank.queries import list_questions, shown
from services.assessment.quizzes.bank.schemas import (
    ChangeQuestionSchema,
    QuestionPageSchema,
    QuestionQuery,
    QuestionSchema,
    WriteQuestionSchema,
)
from services.assessment.quizzes.bank.usecases import (
    ChangeQuestion,
    change_question,
    write_question,
)
from services.assessment.quizzes.reach import ACTION, OutsideYourUnit, reach_of
from services.assessment.wiring import AssessmentUnitOfWorkProvider
from services.chassis.database import Database, DatabaseProvider
from services.chassis.http import Request, http

PATH = "/api/assessment/v1/quizzes/questions"


class QuizBankEntrypoints:
    """Questions with their right answers."""

    uow: Work = AssessmentUnitOfWorkProvider()
    database: Database = DatabaseProvider()

    @http(
        "GET",
        PATH,
        action=ACTION,
        query=QuestionQuery,
        answer=QuestionPageSchema,
        summary="Questions of the banks one administers, newest first",
    )
    def list_quiz_questions(self, request: Request) -> dict[str, Any]:
        """Retired ones too."""
        with self.database.reading() as connection:
            return list_questions(connection, request.query, reach_of(request.principal))

    @http(
        "POST",
        PATH,
        action=ACTION,
        body=WriteQuestionSchema,
        answer=QuestionSchema,
        status=201,
        errors=(OutsideYourUnit, RightAnswersUnclear),
        summary="Write a question",
    )
    def write_quiz_question(self, request: Request) -> dict[str, Any]:
        """For a unit's bank."""
        data = {**request.data, "unit": request.data["unit"] or request.principal.unit}
        question = Question(id=uuid4(), **data)
        return shown(write_question(question, by=request.principal, uow=self.uow), asked=False)

    @http(
        "PATCH",
        f"{PATH}/<uuid:question_id>",
        action=ACTION,
        body=ChangeQuestionSchema,
        answer=QuestionSchema,
        errors=(QuestionNotFound, OutsideYourUnit, QuestionInUse, RightAnswersUnclear),
        summary="Change a question until it is asked; take it out of use at any time",
    )
    def change_quiz_question(self, request: Request, question_id: UUID) -> dict[str, Any]:
        """An open round goes on asking it."""
        command = ChangeQuestion(question=question_id, by=request.principal, changes=request.data)
        question, asked = change_question(command, uow=self.uow)
        return shown(question, asked=asked)
