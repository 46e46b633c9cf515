"""What administrators do with a round: plan, change, open, draw, hand a prize over; and its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.assessment.quizzes.ports import QuizWork
from services.assessment.quizzes.reach import require_reach
from services.assessment.quizzes.rounds.domain import Round
from services.assessment.quizzes.rounds.draw import commitment_of, draw
from services.chassis.access import Principal
from services.chassis.cpu import off_loop

CLOSING = "quiz-round-closing"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRound:
    """Some of a draft's fields anew."""

    round: UUID
    by: Principal
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPrize:
    """The owner of an entry was given the prize."""

    round: UUID
    entry: str
    by: Principal


def plan_round(round_: Round, *, by: Principal, uow: QuizWork) -> Round:
    """A draft; raises OutsideYourUnit."""
    require_reach(by, round_.unit, round_.bank)
    with uow:
        uow.quiz_rounds.add(round_)
        uow.commit()
    return round_


def change_round(command: ChangeRound, *, uow: QuizWork) -> Round:
    """Raises RoundNotFound, OutsideYourUnit, RoundNotDraft, WindowEmpty and PrizeOutOfReach."""
    with uow:
        round_ = _administered(command.round, command.by, uow)
        round_ = round_.changed(command.changes)
        require_reach(command.by, round_.unit, round_.bank)
        uow.quiz_rounds.save(round_)
        uow.commit()
    return round_


def open_round(round_id: UUID, seed: bytes, *, by: Principal, uow: QuizWork) -> Round:
    """Its questions are fixed, and what it will be drawn by.

    Raises RoundNotFound, OutsideYourUnit, RoundNotDraft, RoundOver and NotEnoughQuestions.
    """
    with uow:
        round_ = _administered(round_id, by, uow)
        round_.check_draft()
        pool = uow.quiz_rounds.fix_questions(round_)
        round_ = round_.opened(commitment=commitment_of(seed), pool=pool, now=uow.now())
        uow.quiz_rounds.save(round_)
        uow.quiz_rounds.keep_seed(round_.id, seed)
        uow.timers.set(CLOSING, str(round_.id), round_.closes_at)
        uow.audit("quiz-round.open", round_.id)
        uow.commit()
    return round_


def close_round(round_id: UUID, *, uow: QuizWork) -> None:
    """The window is over: from here on the entries are what they are."""
    with uow:
        uow.quiz_rounds.save(uow.quiz_rounds.get_alone(round_id).closed())
        uow.commit()


def draw_round(round_id: UUID, *, by: Principal, uow: QuizWork) -> tuple[Round, int]:
    """The seed is told and the winners follow; returns how many entries there were as well.

    Raises RoundNotFound, OutsideYourUnit and RoundNotClosed.
    """
    with uow:
        round_ = _administered(round_id, by, uow)
        round_.check_closed()
        seed = uow.quiz_rounds.seed_of(round_.id)
        entries = uow.quiz_attempts.entries(round_.id)
        round_ = round_.drawn(seed.hex())
        uow.quiz_rounds.save(round_)
        uow.quiz_rounds.add_winners(round_.id, off_loop(draw, seed, entries, round_.prizes))
        uow.audit("quiz-round.draw", round_.id)
        uow.commit()
    return round_, len(entries)


def claim_prize(command: ClaimPrize, *, uow: QuizWork) -> None:
    """Again is once; raises RoundNotFound, OutsideYourUnit and WinnerNotFound."""
    with uow:
        _administered(command.round, command.by, uow)
        uow.quiz_rounds.claim(command.round, command.entry, uow.now())
        uow.audit("quiz-prize.claim", f"{command.round}:{command.entry}")
        uow.commit()


def _administered(round_id: UUID, by: Principal, uow: QuizWork) -> Round:
    round_ = uow.quiz_rounds.get_alone(round_id)
    require_reach(by, round_.unit)
    return round_
