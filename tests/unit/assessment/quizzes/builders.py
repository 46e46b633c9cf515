"""Builders of quizzes that say only what a test is about."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.assessment.quizzes.attempts.domain import Attempt
from services.assessment.quizzes.bank.domain import Question, Words
from services.assessment.quizzes.rounds.domain import Round, RoundState
from services.assessment.quizzes.rounds.draw import Prize

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_question(*right: int, choices: int = 4, **more: Any) -> Question:
    """A question of which these choices are right."""
    wording = {
        "unit": "wh",
        "topic": "压力调整",
        "text": Words(zh="哪一项有助于入睡?", en="What helps one fall asleep?"),
        "choices": tuple(Words(zh=f"选项{number}") for number in range(1, choices + 1)),
        "explanation": Words(zh="规律作息。"),
    }
    return Question(id=uuid4(), right=right or (1,), **{**wording, **more})


def a_round(**more: Any) -> Round:
    """An open one, from nine to ten, of two questions."""
    plan: dict[str, Any] = {
        "unit": "wh/hc",
        "bank": "wh",
        "topic": None,
        "title": "心理健康知识竞答",
        "opens_at": NINE,
        "closes_at": NINE + HOUR,
        "questions": 2,
        "seconds": 300,
        "prizes": (Prize(title="保温杯", count=1),),
        "state": RoundState.OPEN,
    }
    return Round(id=uuid4(), **{**plan, **more})


def an_attempt(**more: Any) -> Attempt:
    """Begun at nine."""
    begun: dict[str, Any] = {
        "round": uuid4(),
        "person": uuid4(),
        "entry": "ABCDEFGHJK",
        "nickname": "小太阳",
        "started_at": NINE,
    }
    return Attempt(id=uuid4(), **{**begun, **more})


def ids(count: int) -> list[UUID]:
    """So many ids."""
    return [uuid4() for _ in range(count)]
