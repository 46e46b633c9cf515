"""Reading the bank, past the domain."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, or_, select, tuple_

from services.assessment.quizzes.bank.storage import question_of
from services.assessment.quizzes.tables import questions, round_questions
from services.chassis.paging import decode_cursor, page


def under(column: ColumnElement[str], unit: str | None) -> ColumnElement[bool]:
    """In the subtree of this unit; None: anywhere."""
    if unit is None:
        return column.is_not(None)
    return or_(column == unit, column.startswith(f"{unit}/", autoescape=True))


def list_questions(
    connection: Connection, query: dict[str, Any], reach: str | None
) -> dict[str, Any]:
    """A page of what the administrator reaches, newest first, each with whether it is fixed."""
    asked = select(round_questions).where(round_questions.c.question == questions.c.id).exists()
    found = select(questions, asked.label("asked")).where(under(questions.c.unit, reach))
    if query["unit"]:
        found = found.where(under(questions.c.unit, query["unit"]))
    if query["topic"]:
        found = found.where(questions.c.topic == query["topic"])
    key = (questions.c.written_at, questions.c.id)
    if (before := decode_cursor(query["cursor"], (datetime, UUID))) is not None:
        found = found.where(tuple_(*key) < tuple_(*before))
    found = found.order_by(*(each.desc() for each in key)).limit(query["limit"] + 1)
    rows = connection.execute(found).mappings().all()
    items = [shown(question_of(row), asked=row["asked"]) for row in rows]
    return page(rows, query["limit"], lambda row: (row["written_at"], row["id"]), items)


def shown(question: Any, *, asked: bool) -> dict[str, Any]:
    """A question as an administrator sees it."""
    names = ("id", "unit", "topic", "text", "choices", "right", "explanation", "active")
    return {**{name: getattr(question, name) for name in names}, "asked": asked}
