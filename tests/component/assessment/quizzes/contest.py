"""Quizzes as administrators make them and people take them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from tests.support.apps import App, Client, eventually

QUIZZES = "/api/assessment/v1/quizzes"
QUESTIONS, ROUNDS = f"{QUIZZES}/questions", f"{QUIZZES}/rounds"
UNIT = "wh/hc/e0001"


def good(answer: Any, status: int = 201) -> Any:
    """What was answered, which has to be a success."""
    assert answer.status_code == status, answer.text
    return answer.json() if answer.text else None


def refused(answer: Any, status: int, code: str) -> None:
    """The refusal has to be this one."""
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text


def a_question(**more: Any) -> dict[str, Any]:
    """Choices 1 to 3, of which 2 is right."""
    return {
        "topic": "压力调整",
        "text": {"zh": "压力大时先做什么?", "en": "What first under stress?"},
        "choices": [{"zh": "熬夜"}, {"zh": "深呼吸", "en": "Breathe"}, {"zh": "喝酒"}],
        "right": [2],
        "explanation": {"zh": "深呼吸使人平静。"},
        **more,
    }


def a_plan(**more: Any) -> dict[str, Any]:
    """A round of three questions that is on."""
    now = datetime.now(UTC)
    return {
        "title": "心理健康知识竞答",
        "opens_at": (now - timedelta(hours=1)).isoformat(),
        "closes_at": (now + timedelta(hours=1)).isoformat(),
        "questions": 3,
        "seconds": 300,
        "prizes": [{"title": "保温杯", "count": 2}],
        **more,
    }


class Contest:
    """One round, from its questions to its draw, and everything done to it."""

    def __init__(self, app: App, *, admin: Client | None = None, bank: int = 5, **plan: Any):
        self.app = app
        self.admin = admin or app.person("city-admin", unit="wh")
        topic = f"主题{uuid4().hex[:8]}"
        question = a_question(topic=topic)
        self.bank = [good(self.admin.post(QUESTIONS, question))["id"] for _ in range(bank)]
        wish = a_plan(**{"unit": "wh/hc", "topic": topic, **plan})
        self.id = good(self.admin.post(ROUNDS, wish))["id"]
        self.administered, self.path = f"{ROUNDS}/{self.id}", f"{QUIZZES}/{self.id}"

    def open(self) -> "Contest":
        """People may take part."""
        self.opened = good(self.admin.post(f"{self.administered}/open"), 200)
        return self

    def somebody(self) -> Client:
        """A worker of the audience whom nobody has met before."""
        return self.app.person("worker", unit=UNIT)

    def start(self, person: Client, nickname: str = "小太阳") -> Any:
        """The answer to taking part."""
        return person.post(f"{self.path}/attempt", {"nickname": nickname})

    def submit(self, person: Client, answers: dict[str, list[int]]) -> Any:
        """The answer to handing in."""
        return person.post(f"{self.path}/attempt/submit", {"answers": answers})

    def take(self, person: Client, *, right: int = 3, nickname: str = "小太阳") -> Any:
        """Begin and hand in with so many right answers; the result."""
        asked = [each["id"] for each in good(self.start(person, nickname))["questions"]]
        answers = {each: [2] if n < right else [1] for n, each in enumerate(asked)}
        return good(self.submit(person, answers), 200)

    def change(self, statement: str, **values: Any) -> None:
        """Change rows, as time would."""
        engine = self.app.runtime("assessment").database.engine
        with engine.begin() as connection:
            connection.execute(text(statement), {"round": self.id, **values})

    def begun_earlier(self, person: UUID | None, seconds: float) -> None:
        """The person's attempt began so much earlier."""
        self.change(
            "UPDATE quiz_attempts SET started_at = started_at - :by"
            " WHERE round = :round AND person = :person",
            by=timedelta(seconds=seconds),
            person=person,
        )

    def took(self, person: UUID | None, seconds: int) -> None:
        """The person needed so long."""
        self.change(
            "UPDATE quiz_attempts SET seconds = :seconds WHERE round = :round AND person = :person",
            seconds=seconds,
            person=person,
        )

    def end(self) -> "Contest":
        """The window is over, and the timer has said so."""
        self.change("UPDATE quiz_rounds SET closes_at = now() WHERE id = :round")
        self.change("UPDATE timers SET due_at = now() WHERE key = :round")
        eventually(lambda: self.seen()["state"] == "closed", what="the round closed")
        return self

    def draw(self) -> Any:
        """The round with its seed."""
        return good(self.admin.post(f"{self.administered}/draw"), 200)

    def seen(self) -> Any:
        """As its administrator sees it."""
        return good(self.admin.get(self.administered), 200)


def pages(client: Client, path: str, limit: int) -> Sequence[Any]:
    """Everything on a list, page by page."""
    found, cursor = [], None
    while True:
        asked = {"limit": limit, **({"cursor": cursor} if cursor else {})}
        page = good(client.get(path, params=asked), 200)
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found
