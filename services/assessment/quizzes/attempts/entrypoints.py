"""Routes of quizzes for people who take part."""

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from services.assessment.language import language_of
from services.assessment.ports import Work
from services.assessment.quizzes.attempts.domain import (
    AlreadyTaken,
    AttemptNotFound,
    NotAsked,
    TimeIsUp,
    new_entry,
)
from services.assessment.quizzes.attempts.schemas import (
    AttemptSchema,
    RankingQuery,
    RankingSchema,
    StartAttemptSchema,
    SubmitAttemptSchema,
)
from services.assessment.quizzes.attempts.usecases import (
    StartAttempt,
    SubmitAttempt,
    forget_old_attempts,
    read_attempt,
    read_ranking,
    start_attempt,
    submit_attempt,
)
from services.assessment.quizzes.attempts.views import ranking_of, sheet_of
from services.assessment.quizzes.rounds.domain import (
    EntriesNotFixed,
    RoundNotFound,
    RoundNotOpenYet,
    RoundOver,
)
from services.assessment.quizzes.rounds.queries import (
    find_round,
    list_entries,
    list_winners,
    rounds_for,
    shown,
)
from services.assessment.quizzes.rounds.schemas import (
    EntryPageSchema,
    RoundPageSchema,
    RoundSchema,
    WinnerPageSchema,
)
from services.assessment.settings import AssessmentSettings
from services.assessment.units import lineage
from services.assessment.wiring import AssessmentUnitOfWorkProvider
from services.chassis.container import SettingsProvider
from services.chassis.database import Database, DatabaseProvider
from services.chassis.http import Request, http
from services.chassis.paging import PageSchema
from services.chassis.timers import every

PATH = "/api/assessment/v1/quizzes"
ONE = f"{PATH}/<uuid:round_id>"
ATTEMPT = f"{ONE}/attempt"
TAKE = "quiz.take"


class QuizAttemptEntrypoints:
    """Rounds for one's unit, one's attempt, the ranking and the draw."""

    uow: Work = AssessmentUnitOfWorkProvider()
    database: Database = DatabaseProvider()
    configured: AssessmentSettings = SettingsProvider()

    @http(
        "GET",
        PATH,
        action=TAKE,
        query=PageSchema,
        answer=RoundPageSchema,
        summary="Quizzes for one's unit, the latest window first",
    )
    def list_quizzes(self, request: Request) -> dict[str, Any]:
        """Those of the units above as well."""
        with self.database.reading() as connection:
            return rounds_for(connection, request.query, lineage(request.principal.unit))

    @http(
        "GET",
        ONE,
        action=TAKE,
        answer=RoundSchema,
        errors=(RoundNotFound,),
        summary="A quiz: window, prizes, what its draw is committed to",
    )
    def show_quiz(self, request: Request, round_id: UUID) -> dict[str, Any]:
        """For one's unit only; else 404."""
        with self.database.reading() as connection:
            round_ = find_round(connection, round_id)
        round_.check_for(request.principal.unit)
        return shown(round_)

    @http(
        "POST",
        ATTEMPT,
        action=TAKE,
        body=StartAttemptSchema,
        answer=AttemptSchema,
        status=201,
        errors=(RoundNotFound, RoundNotOpenYet, RoundOver, AlreadyTaken),
        summary="Take part, once; again gives the same questions, and the clock runs on",
    )
    def start_quiz_attempt(self, request: Request, round_id: UUID) -> dict[str, Any]:
        """The clock is ours."""
        command = StartAttempt(
            attempt=uuid4(),
            round=round_id,
            by=request.principal,
            entry=new_entry(secrets.randbelow),
            **request.data,
        )
        return sheet_of(start_attempt(command, uow=self.uow), language_of(request))

    @http(
        "GET",
        ATTEMPT,
        action=TAKE,
        answer=AttemptSchema,
        errors=(RoundNotFound, AttemptNotFound),
        summary="One's own attempt, and whether it won",
    )
    def show_quiz_attempt(self, request: Request, round_id: UUID) -> dict[str, Any]:
        """Nobody else's."""
        sheet = read_attempt(round_id, by=request.principal, uow=self.uow)
        return sheet_of(sheet, language_of(request))

    @http(
        "POST",
        f"{ATTEMPT}/submit",
        action=TAKE,
        body=SubmitAttemptSchema,
        answer=AttemptSchema,
        errors=(RoundNotFound, AttemptNotFound, RoundOver, TimeIsUp, NotAsked),
        summary="Hand the answers in: points, right answers, explanations",
    )
    def submit_quiz_attempt(self, request: Request, round_id: UUID) -> dict[str, Any]:
        """The first answers count; again gives the same result."""
        command = SubmitAttempt(
            round=round_id, by=request.principal, completion=uuid4(), **request.data
        )
        return sheet_of(submit_attempt(command, uow=self.uow), language_of(request))

    @http(
        "GET",
        f"{ONE}/ranking",
        action=TAKE,
        query=RankingQuery,
        answer=RankingSchema,
        errors=(RoundNotFound,),
        summary="The first places, under nicknames, and one's own",
    )
    def show_quiz_ranking(self, request: Request, round_id: UUID) -> dict[str, Any]:
        """By points, then by time; who is equal shares a place."""
        most = request.query["limit"]
        return ranking_of(read_ranking(round_id, most, by=request.principal, uow=self.uow))

    @http(
        "GET",
        f"{ONE}/entries",
        action=TAKE,
        query=PageSchema,
        answer=EntryPageSchema,
        errors=(RoundNotFound, EntriesNotFixed),
        summary="What is drawn from, once the round has closed: to recompute the draw",
    )
    def list_quiz_entries(self, request: Request, round_id: UUID) -> dict[str, Any]:
        """Numbers, not persons."""
        with self.database.reading() as connection:
            round_ = find_round(connection, round_id)
            round_.check_for(request.principal.unit)
            round_.check_fixed()
            return list_entries(connection, round_, request.query)

    @http(
        "GET",
        f"{ONE}/winners",
        action=TAKE,
        query=PageSchema,
        answer=WinnerPageSchema,
        errors=(RoundNotFound,),
        summary="The entry numbers that won, by prize",
    )
    def list_quiz_winners(self, request: Request, round_id: UUID) -> dict[str, Any]:
        """Empty until the draw."""
        with self.database.reading() as connection:
            find_round(connection, round_id).check_for(request.principal.unit)
            return list_winners(connection, round_id, request.query)

    @every(seconds=timedelta(days=1).total_seconds(), name="old-quiz-attempts")
    def forget_old_quiz_attempts(self) -> None:
        """What people answered in quizzes is not kept for ever."""
        forget_old_attempts(self.configured.quizzes_kept, uow=self.uow)
