"""Rounds, their fixed questions and their winners as rows; a seed is sealed until it is told."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, select, text

from services.assessment.quizzes.rounds.domain import (
    Round,
    RoundNotFound,
    RoundState,
    WinnerNotFound,
)
from services.assessment.quizzes.rounds.draw import Prize, Winner
from services.assessment.quizzes.tables import rounds, winners
from services.chassis.vault import Vault

# The lock keeps a question from being changed between this look and the commit.
_FIX_QUESTIONS = text(
    """
    INSERT INTO quiz_round_questions (round, question)
    SELECT :round, id FROM quiz_questions
    WHERE unit = :bank AND active AND (CAST(:topic AS text) IS NULL OR topic = :topic)
    FOR SHARE
    """
)
FIELDS = tuple(field.name for field in fields(Round))


class RoundRepository:
    """The rounds of one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, round_: Round) -> None:
        """Keep a draft."""
        self._connection.execute(rounds.insert().values(_row(round_)))

    def look(self, round_id: UUID) -> Round:
        """As it is; raises RoundNotFound."""
        return self._found(select(rounds).where(rounds.c.id == round_id))

    def get(self, round_id: UUID) -> Round:
        """Nobody changes its state until the end of the work; raises RoundNotFound."""
        return self._found(select(rounds).where(rounds.c.id == round_id).with_for_update(read=True))

    def get_alone(self, round_id: UUID) -> Round:
        """Nobody else works on it until the end of the work; raises RoundNotFound."""
        return self._found(select(rounds).where(rounds.c.id == round_id).with_for_update())

    def save(self, round_: Round) -> None:
        """Keep what changed."""
        changed = rounds.update().where(rounds.c.id == round_.id)
        self._connection.execute(changed.values(_row(round_)))

    def fix_questions(self, round_: Round) -> int:
        """What the bank offers for it is what it draws from; returns how many."""
        row = {"round": round_.id, "bank": round_.bank, "topic": round_.topic}
        return self._connection.execute(_FIX_QUESTIONS, row).rowcount

    def keep_seed(self, round_id: UUID, seed: bytes) -> None:
        """Keep it secret."""
        sealed = self._vault.seal(None, seed, _context(round_id))
        changed = rounds.update().where(rounds.c.id == round_id)
        self._connection.execute(changed.values(sealed_seed=sealed))

    def seed_of(self, round_id: UUID) -> bytes:
        """The secret."""
        query = select(rounds.c.sealed_seed).where(rounds.c.id == round_id)
        sealed = self._connection.execute(query).scalar_one()
        return self._vault.open(None, bytes(sealed), _context(round_id))

    def add_winners(self, round_id: UUID, drawn: Sequence[Winner]) -> None:
        """Keep the outcome."""
        if drawn:
            rows = [{"round": round_id, "entry": each.entry, "prize": each.prize} for each in drawn]
            self._connection.execute(winners.insert(), rows)

    def claim(self, round_id: UUID, entry: str, at: datetime) -> None:
        """Note that the prize was handed over, the first time; raises WinnerNotFound."""
        this = (winners.c.round == round_id) & (winners.c.entry == entry)
        first = func.coalesce(winners.c.claimed_at, at)
        claimed = winners.update().where(this).values(claimed_at=first)
        if not self._connection.execute(claimed).rowcount:
            raise WinnerNotFound

    def prize_of(self, round_id: UUID, entry: str) -> tuple[int, datetime | None] | None:
        """The number of the prize an entry won and when it was handed over."""
        query = select(winners.c.prize, winners.c.claimed_at)
        query = query.where(winners.c.round == round_id, winners.c.entry == entry)
        row = self._connection.execute(query).first()
        return (row.prize, row.claimed_at) if row else None

    def _found(self, query: Select[Any]) -> Round:
        row = self._connection.execute(query).mappings().first()
        if row is None:
            raise RoundNotFound
        return round_of(row)


def round_of(row: Mapping[Any, Any]) -> Round:
    """A row as the domain knows it."""
    found = {name: row[name] for name in FIELDS}
    prizes = tuple(Prize(**each) for each in row["prizes"])
    return Round(**{**found, "prizes": prizes, "state": RoundState(row["state"])})


def _row(round_: Round) -> dict[str, Any]:
    return {**asdict(round_), "prizes": [asdict(each) for each in round_.prizes]}


def _context(round_id: UUID) -> str:
    return f"quiz-round:{round_id}"
