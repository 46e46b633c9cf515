"""Attempts as rows; nickname and answers are sealed for the person."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Select, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from services.assessment.quizzes.attempts.domain import Attempt, AttemptNotFound
from services.assessment.quizzes.tables import attempts
from services.chassis.keyring import CannotOpen
from services.chassis.vault import Vault

_HANDED_IN = attempts.c.submitted_at.is_not(None)
# The draw of a round can be recomputed for ever; before it, whoever is gone takes no part in it.
_DROP = text(
    """
    DELETE FROM quiz_attempts a USING quiz_rounds r
    WHERE r.id = a.round AND (r.state <> 'drawn' OR a.submitted_at IS NULL)
      AND (a.person = CAST(:person AS uuid) OR r.closes_at < now() - CAST(:than AS interval))
    """
)
_BLANK = text(
    """
    UPDATE quiz_attempts a SET person = NULL, sealed = NULL FROM quiz_rounds r
    WHERE r.id = a.round AND a.person IS NOT NULL
      AND (a.person = CAST(:person AS uuid) OR r.closes_at < now() - CAST(:than AS interval))
    """
)


class _Own(Struct, frozen=True):
    nickname: str
    answers: dict[UUID, tuple[int, ...]] | None = None


class AttemptRepository:
    """The attempts of one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def start(self, attempt: Attempt) -> Attempt:
        """Keep it, or find the person's earlier one of this round."""
        new = insert(attempts).values(self._row(attempt))
        new = new.on_conflict_do_nothing(index_elements=["round", "person"])
        self._connection.execute(new)
        return self.look(attempt.round, attempt.person)

    def look(self, round_id: UUID, person: UUID) -> Attempt:
        """The person's, as it is; raises AttemptNotFound."""
        return self._found(_of(round_id, person))

    def get(self, round_id: UUID, person: UUID) -> Attempt:
        """The person's, locked until the end of the work; raises AttemptNotFound."""
        return self._found(_of(round_id, person).with_for_update())

    def save(self, attempt: Attempt) -> None:
        """Keep what was handed in."""
        changed = attempts.update().where(attempts.c.id == attempt.id)
        self._connection.execute(changed.values(self._row(attempt)))

    def entries(self, round_id: UUID) -> Mapping[str, int]:
        """The entry numbers that were handed in, with their points."""
        query = select(attempts.c.entry, attempts.c.points)
        rows = self._connection.execute(query.where(attempts.c.round == round_id, _HANDED_IN))
        return {row.entry: row.points for row in rows}

    def best(self, round_id: UUID, most: int) -> Sequence[tuple[str | None, int, int]]:
        """Nickname, points and seconds of the first ones; no nickname where it was forgotten."""
        query = select(attempts).where(attempts.c.round == round_id, _HANDED_IN)
        query = query.order_by(attempts.c.points.desc(), attempts.c.seconds, attempts.c.id)
        rows = self._connection.execute(query.limit(most)).mappings()
        return [(self._nickname(row), row["points"], row["seconds"]) for row in rows]

    def place_of(self, attempt: Attempt) -> int:
        """How many did better, plus one."""
        faster = (attempts.c.points == attempt.points) & (attempts.c.seconds < attempt.seconds)
        better = or_(attempts.c.points > attempt.points, faster)
        query = select(func.count()).where(attempts.c.round == attempt.round, _HANDED_IN, better)
        return int(self._connection.execute(query).scalar_one()) + 1

    def forget(self, person: UUID) -> None:
        """Nothing leads from a person to an attempt any more; drawn rounds keep their entries."""
        self._forget({"person": person, "than": None})

    def forget_older(self, than: timedelta) -> int:
        """The same for everybody, in rounds that closed so long ago; returns how many."""
        return self._forget({"person": None, "than": than})

    def _found(self, query: Select[Any]) -> Attempt:
        row = self._connection.execute(query).mappings().first()
        if row is None:
            raise AttemptNotFound
        own = self._own(row)
        found = {name: value for name, value in row.items() if name != "sealed"}
        return Attempt(**found, nickname=own.nickname, answers=own.answers)

    def _forget(self, whom: dict[str, Any]) -> int:
        return sum(self._connection.execute(each, whom).rowcount for each in (_DROP, _BLANK))

    def _row(self, attempt: Attempt) -> dict[str, Any]:
        answers = attempt.answers
        chosen = {each: tuple(answers[each]) for each in answers} if answers is not None else None
        own = msgspec.json.encode(_Own(attempt.nickname, chosen))
        names = [column.name for column in attempts.c if column.name != "sealed"]
        sealed = self._vault.seal(attempt.person, own, _context(attempt.id))
        return {**{name: getattr(attempt, name) for name in names}, "sealed": sealed}

    def _own(self, row: Mapping[Any, Any]) -> _Own:
        opened = self._vault.open(row["person"], bytes(row["sealed"]), _context(row["id"]))
        return msgspec.json.decode(opened, type=_Own)

    def _nickname(self, row: Mapping[Any, Any]) -> str | None:
        try:
            return self._own(row).nickname if row["person"] else None
        except CannotOpen:
            return None


def _of(round_id: UUID, person: UUID) -> Select[Any]:
    return select(attempts).where(attempts.c.round == round_id, attempts.c.person == person)


def _context(attempt_id: UUID) -> str:
    return f"quiz-attempt:{attempt_id}"
