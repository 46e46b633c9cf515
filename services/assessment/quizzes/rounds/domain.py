"""Rounds of a quiz: draft, open, closed, drawn; who may take part, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.assessment.quizzes.rounds.draw import Prize
from services.assessment.units import lineage
from services.chassis.errors import Conflict, NotFound, UnprocessableInput


class RoundNotFound(NotFound):
    """There is no such round, or it is not for this person's unit, or not yet."""

    code = "quiz-not-found"


class WinnerNotFound(NotFound):
    """This entry number has won nothing in this round."""

    code = "quiz-winner-not-found"


class WindowEmpty(UnprocessableInput):
    """A round has to close after it opens."""

    code = "quiz-window-empty"
    title = "A round closes after it opens"
    field = "closes_at"


class PrizeOutOfReach(UnprocessableInput):
    """A prize asks for more points than there are questions."""

    code = "quiz-prize-out-of-reach"
    title = "A prize asks for more points than there are questions"
    field = "prizes"


class RoundNotDraft(Conflict):
    """It was opened, and people rely on what it says."""

    code = "quiz-not-draft"
    title = "Only a draft can be changed or opened"


class NotEnoughQuestions(Conflict):
    """The bank holds fewer questions than the round asks."""

    code = "quiz-not-enough-questions"
    title = "The bank holds fewer questions than the round asks"


class RoundNotOpenYet(Conflict):
    """The window has not begun."""

    code = "quiz-not-open-yet"
    title = "This quiz has not begun"


class RoundOver(Conflict):
    """The window is over."""

    code = "quiz-over"
    title = "This quiz is over"


class RoundNotClosed(Conflict):
    """Only a closed round is drawn, and only once."""

    code = "quiz-not-closed"
    title = "A round is drawn once, after it has closed"


class EntriesNotFixed(Conflict):
    """While people take part there is no list of entries to draw from."""

    code = "quiz-entries-not-fixed"
    title = "The entries are known once the round has closed"


class RoundState(StrEnum):
    """How far a round has come."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    DRAWN = "drawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A quiz for one subtree of units, with questions out of one unit's bank.

    From opening on it carries the commitment to a secret seed, from drawing on the seed.
    """

    id: UUID
    unit: str
    bank: str
    topic: str | None
    title: str
    opens_at: datetime
    closes_at: datetime
    questions: int
    seconds: int
    prizes: tuple[Prize, ...]
    state: RoundState = RoundState.DRAFT
    commitment: str | None = None
    seed: str | None = None

    def __post_init__(self) -> None:
        if self.opens_at >= self.closes_at:
            raise WindowEmpty
        if any(prize.least_points > self.questions for prize in self.prizes):
            raise PrizeOutOfReach

    def changed(self, changes: Mapping[str, Any]) -> "Round":
        """With these fields anew; raises RoundNotDraft, WindowEmpty, PrizeOutOfReach."""
        self.check_draft()
        return replace(self, **changes)

    def opened(self, *, commitment: str, pool: int, now: datetime) -> "Round":
        """Its questions, `pool` of them, are fixed; raises RoundNotDraft, RoundOver, …"""
        self.check_draft()
        if now >= self.closes_at:
            raise RoundOver
        if pool < self.questions:
            raise NotEnoughQuestions(f"{pool} there, {self.questions} asked")
        return replace(self, state=RoundState.OPEN, commitment=commitment)

    def closed(self) -> "Round":
        """Nobody takes part any more; a round that was closed before stays as it is."""
        is_open = self.state is RoundState.OPEN
        return replace(self, state=RoundState.CLOSED) if is_open else self

    def drawn(self, seed: str) -> "Round":
        """The seed is told; raises RoundNotClosed."""
        self.check_closed()
        return replace(self, state=RoundState.DRAWN, seed=seed)

    def check_for(self, unit: str) -> None:
        """Raise RoundNotFound unless people of this unit are meant, and it is no draft."""
        if self.state is RoundState.DRAFT or self.unit not in lineage(unit):
            raise RoundNotFound

    def check_running(self, now: datetime) -> None:
        """Raise RoundNotOpenYet before the window begins, RoundOver from its end on."""
        if now < self.opens_at:
            raise RoundNotOpenYet
        if now >= self.closes_at or self.state is not RoundState.OPEN:
            raise RoundOver

    def check_closed(self) -> None:
        """Raise RoundNotClosed before the end, and once it was drawn."""
        if self.state is not RoundState.CLOSED:
            raise RoundNotClosed

    def check_fixed(self) -> None:
        """Raise EntriesNotFixed while somebody may still take part."""
        if self.state not in {RoundState.CLOSED, RoundState.DRAWN}:
            raise EntriesNotFixed

    def deadline_of(self, started_at: datetime) -> datetime:
        """Until when answers are taken: the seconds allowed, or the end of the window."""
        return min(started_at + timedelta(seconds=self.seconds), self.closes_at)

    def check_draft(self) -> None:
        """Raise RoundNotDraft once it was opened."""
        if self.state is not RoundState.DRAFT:
            raise RoundNotDraft
