"""What people send, and what became of it."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from tests.support.apps import App, Client

API = "/api/assessment/v1"
CONSENT = {"version": "2025-1", "granted": True}
MODERATE = {"q1": 2, "q2": 2, "q3": 1, "q4": 1, "q5": 1, "q6": 1, "q7": 1, "q8": 1, "q9": 0}
HOTLINE = "12356"


def a_sheet(instrument: str = "phq9", **changed: Any) -> dict[str, Any]:
    """A moderate PHQ-9 (total 10), but for the answers named."""
    answers = MODERATE if instrument == "phq9" else {f"q{n}": 1 for n in range(1, 8)}
    return {"instrument": instrument, "answers": {**answers, **changed}, "consent": CONSENT}


def answer(client: Client, **changed: Any) -> Any:
    """Send a sheet; returns the answer to it, which has to be a good one."""
    response = client.post(f"{API}/responses", a_sheet(**changed))
    assert response.status_code == 201, response.text
    return response.json()


def has_support(document: dict[str, Any]) -> bool:
    """Whether the help card is there."""
    return HOTLINE in {line["number"] for line in document["support"]["lines"]}


class Sent:
    """Reads the outbox."""

    def __init__(self, app: App) -> None:
        self._database = app.runtime("assessment").database

    def of(self, person: UUID | None, kind: str) -> list[dict[str, Any]]:
        """The data of the person's events of a kind (`risk-flagged`), in order."""
        return [row.data for row in self.rows(kind) if row.data.get("person") == _id(person)]

    def under(self, case: str) -> list[dict[str, Any]]:
        """The crisis signals of a case, in order."""
        return [row.data for row in self.rows("risk-flagged") if row.data["case"] == case]

    def rows(self, kind: str) -> list[Any]:
        """Whole outbox rows of a kind."""
        with self._database.reading() as connection:
            found = connection.execute(
                text("SELECT * FROM outbox WHERE type = :type ORDER BY position"),
                {"type": f"assessment.{kind}.v1"},
            )
            return list(found)

    def count(self, table: str, person: UUID | None) -> int:
        """Rows of a person in a table."""
        with self._database.reading() as connection:
            statement = text(f"SELECT count(*) FROM {table} WHERE person = :person")
            return int(connection.execute(statement, {"person": person}).scalar_one())


def _id(person: UUID | None) -> str | None:
    return str(person) if person else None
