"""Reading rounds, winners and entries, past the domain."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, select, tuple_

from services.assessment.quizzes.bank.queries import under
from services.assessment.quizzes.rounds.domain import Round, RoundNotFound, RoundState
from services.assessment.quizzes.rounds.draw import qualifies_for
from services.assessment.quizzes.rounds.storage import FIELDS, round_of
from services.assessment.quizzes.tables import attempts, rounds, winners
from services.chassis.paging import decode_cursor, page

FEWEST_SHOWN = 10
"""Smaller numbers of people are shown as «fewer than this»."""

_HANDED_IN = attempts.c.submitted_at.is_not(None)
_PARTICIPANTS = (
    select(func.count())
    .where(attempts.c.round == rounds.c.id, _HANDED_IN)
    .scalar_subquery()
    .label("participants")
)


def find_round(connection: Connection, round_id: UUID) -> Round:
    """Raises RoundNotFound."""
    row = connection.execute(select(rounds).where(rounds.c.id == round_id)).mappings().first()
    if row is None:
        raise RoundNotFound
    return round_of(row)


def find_administered(connection: Connection, round_id: UUID) -> tuple[Round, int]:
    """The round and how many took part; raises RoundNotFound."""
    found = select(rounds, _PARTICIPANTS).where(rounds.c.id == round_id)
    row = connection.execute(found).mappings().first()
    if row is None:
        raise RoundNotFound
    return round_of(row), row["participants"]


def list_rounds(connection: Connection, query: dict[str, Any], reach: str | None) -> dict[str, Any]:
    """A page of what the administrator reaches, the latest window first."""
    rows = _rows(
        connection, select(rounds, _PARTICIPANTS).where(under(rounds.c.unit, reach)), query
    )
    items = [administered(round_of(row), row["participants"]) for row in rows]
    return page(rows, query["limit"], _key_of, items)


def rounds_for(
    connection: Connection, query: dict[str, Any], units: Sequence[str]
) -> dict[str, Any]:
    """A page of what is meant for people of these units, drafts left out."""
    meant = rounds.c.unit.in_(units) & (rounds.c.state != RoundState.DRAFT)
    rows = _rows(connection, select(rounds).where(meant), query)
    return page(rows, query["limit"], _key_of, [shown(round_of(row)) for row in rows])


def _rows(connection: Connection, found: Select[Any], query: dict[str, Any]) -> Sequence[Any]:
    key = (rounds.c.opens_at, rounds.c.id)
    if (before := decode_cursor(query["cursor"], (datetime, UUID))) is not None:
        found = found.where(tuple_(*key) < tuple_(*before))
    found = found.order_by(*(each.desc() for each in key)).limit(query["limit"] + 1)
    return connection.execute(found).mappings().all()


def _key_of(row: Any) -> tuple[datetime, UUID]:
    return row["opens_at"], row["id"]


def shown(round_: Round) -> dict[str, Any]:
    """A round as everybody it is meant for sees it."""
    prizes = [
        {
            "number": number,
            "title": prize.title,
            "count": prize.count,
            "least_points": prize.least_points,
        }
        for number, prize in enumerate(round_.prizes, 1)
    ]
    return {**{name: getattr(round_, name) for name in FIELDS}, "prizes": prizes}


def administered(round_: Round, participants: int) -> dict[str, Any]:
    """The same with how many took part, unless they are few."""
    few = participants < FEWEST_SHOWN
    return {
        **shown(round_),
        "participants": None if few else participants,
        "participants_below": FEWEST_SHOWN if few else None,
    }


def list_winners(connection: Connection, round_id: UUID, query: dict[str, Any]) -> dict[str, Any]:
    """A page of entry numbers with their prizes, by prize."""
    key = (winners.c.prize, winners.c.entry)
    found = select(winners).where(winners.c.round == round_id)
    if (after := decode_cursor(query["cursor"], (int, str))) is not None:
        found = found.where(tuple_(*key) > tuple_(*after))
    found = found.order_by(*key).limit(query["limit"] + 1)
    rows = connection.execute(found).mappings().all()
    return page(rows, query["limit"], lambda row: (row["prize"], row["entry"]), rows)


def list_entries(connection: Connection, round_: Round, query: dict[str, Any]) -> dict[str, Any]:
    """A page of what is drawn from: entry numbers, and the prizes each qualifies for."""
    found = select(attempts.c.entry, attempts.c.points)
    found = found.where(attempts.c.round == round_.id, _HANDED_IN)
    if (after := decode_cursor(query["cursor"], (str,))) is not None:
        found = found.where(attempts.c.entry > after[0])
    found = found.order_by(attempts.c.entry).limit(query["limit"] + 1)
    rows = connection.execute(found).all()
    items = [
        {"entry": row.entry, "qualifies_for": qualifies_for(row.points, round_.prizes)}
        for row in rows
    ]
    return page(rows, query["limit"], lambda row: (row.entry,), items)
