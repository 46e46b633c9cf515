"""Routes of rounds, for administrators: counts and entry numbers, never a person."""

import secrets
from typing import Any
from uuid import UUID, uuid4

from services.assessment.ports import Work
from services.assessment.quizzes.reach import ACTION, OutsideYourUnit, reach_of, require_reach
from services.assessment.quizzes.rounds.domain import (
    NotEnoughQuestions,
    PrizeOutOfReach,
    Round,
    RoundNotClosed,
    RoundNotDraft,
    RoundNotFound,
    RoundOver,
    WindowEmpty,
    WinnerNotFound,
)
from services.assessment.quizzes.rounds.draw import SEED_BYTES
from services.assessment.quizzes.rounds.queries import (
    administered,
    find_administered,
    list_rounds,
    list_winners,
)
from services.assessment.quizzes.rounds.schemas import (
    AdministeredRoundPageSchema,
    AdministeredRoundSchema,
    ChangeRoundSchema,
    ClaimPageSchema,
    PlanRoundSchema,
)
from services.assessment.quizzes.rounds.usecases import (
    CLOSING,
    ChangeRound,
    ClaimPrize,
    change_round,
    claim_prize,
    close_round,
    draw_round,
    open_round,
    plan_round,
)
from services.assessment.wiring import AssessmentUnitOfWorkProvider
from services.chassis.database import Database, DatabaseProvider
from services.chassis.http import Request, http
from services.chassis.paging import PageSchema
from services.chassis.timers import DueTimer, on_due

PATH = "/api/assessment/v1/quizzes/rounds"
ONE = f"{PATH}/<uuid:round_id>"
UNITS = frozenset({"unit", "bank"})
NOT_YOURS = (RoundNotFound, OutsideYourUnit)


class QuizRoundEntrypoints:
    """Planning, opening, drawing, handing prizes over."""

    uow: Work = AssessmentUnitOfWorkProvider()
    database: Database = DatabaseProvider()

    @http(
        "GET",
        PATH,
        action=ACTION,
        query=PageSchema,
        answer=AdministeredRoundPageSchema,
        summary="Quiz rounds one administers, the latest window first",
    )
    def list_quiz_rounds(self, request: Request) -> dict[str, Any]:
        """Drafts too."""
        with self.database.reading() as connection:
            return list_rounds(connection, request.query, reach_of(request.principal))

    @http(
        "GET",
        ONE,
        action=ACTION,
        answer=AdministeredRoundSchema,
        errors=NOT_YOURS,
        summary="A quiz round and how many took part",
    )
    def show_quiz_round(self, request: Request, round_id: UUID) -> dict[str, Any]:
        """Few are not counted out."""
        with self.database.reading() as connection:
            round_, participants = find_administered(connection, round_id)
        require_reach(request.principal, round_.unit)
        return administered(round_, participants)

    @http(
        "POST",
        PATH,
        action=ACTION,
        body=PlanRoundSchema,
        answer=AdministeredRoundSchema,
        status=201,
        errors=(OutsideYourUnit, WindowEmpty, PrizeOutOfReach),
        summary="Plan a quiz round",
    )
    def plan_quiz_round(self, request: Request) -> dict[str, Any]:
        """A draft."""
        own = request.principal.unit
        data = {name: value or own for name, value in request.data.items() if name in UNITS}
        round_ = Round(id=uuid4(), **{**request.data, **data})
        return administered(plan_round(round_, by=request.principal, uow=self.uow), 0)

    @http(
        "PATCH",
        ONE,
        action=ACTION,
        body=ChangeRoundSchema,
        answer=AdministeredRoundSchema,
        errors=(*NOT_YOURS, RoundNotDraft, WindowEmpty, PrizeOutOfReach),
        summary="Change a quiz round before it is opened",
    )
    def change_quiz_round(self, request: Request, round_id: UUID) -> dict[str, Any]:
        """Drafts only."""
        command = ChangeRound(round=round_id, by=request.principal, changes=request.data)
        return administered(change_round(command, uow=self.uow), 0)

    @http(
        "POST",
        f"{ONE}/open",
        action=ACTION,
        answer=AdministeredRoundSchema,
        errors=(*NOT_YOURS, RoundNotDraft, RoundOver, NotEnoughQuestions),
        summary="Open a quiz round: its questions are fixed, its seed committed to",
    )
    def open_quiz_round(self, request: Request, round_id: UUID) -> dict[str, Any]:
        """People take part from the beginning of its window on."""
        seed = secrets.token_bytes(SEED_BYTES)
        return administered(open_round(round_id, seed, by=request.principal, uow=self.uow), 0)

    @http(
        "POST",
        f"{ONE}/draw",
        action=ACTION,
        answer=AdministeredRoundSchema,
        errors=(*NOT_YOURS, RoundNotClosed),
        summary="Draw the prizes of a closed round; the seed is told",
    )
    def draw_quiz_round(self, request: Request, round_id: UUID) -> dict[str, Any]:
        """Once."""
        return administered(*draw_round(round_id, by=request.principal, uow=self.uow))

    @http(
        "GET",
        f"{ONE}/winners",
        action=ACTION,
        query=PageSchema,
        answer=ClaimPageSchema,
        errors=NOT_YOURS,
        summary="Entry numbers that won, and which prizes were handed over",
    )
    def list_quiz_claims(self, request: Request, round_id: UUID) -> dict[str, Any]:
        """By prize."""
        with self.database.reading() as connection:
            round_, _ = find_administered(connection, round_id)
            require_reach(request.principal, round_.unit)
            return list_winners(connection, round_id, request.query)

    @http(
        "POST",
        f"{ONE}/winners/<entry>/claim",
        action=ACTION,
        status=204,
        errors=(*NOT_YOURS, WinnerNotFound),
        summary="Note that a prize was handed over",
    )
    def claim_quiz_prize(self, request: Request, round_id: UUID, entry: str) -> None:
        """By its entry number."""
        command = ClaimPrize(round=round_id, entry=entry, by=request.principal)
        claim_prize(command, uow=self.uow)

    @on_due(CLOSING)
    def close_quiz_round(self, timer: DueTimer) -> None:
        """At the end of its window."""
        close_round(UUID(timer.key), uow=self.uow)
