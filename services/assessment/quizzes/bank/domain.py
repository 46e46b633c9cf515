"""Questions of a quiz, and until when they can be changed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.assessment.instruments.words import Language
from services.chassis.errors import Conflict, NotFound, UnprocessableInput

FEWEST_CHOICES, MOST_CHOICES = 2, 6
ALWAYS_FREE = frozenset({"active"})


class QuestionNotFound(NotFound):
    """The bank has no such question."""

    code = "question-not-found"


class QuestionInUse(Conflict):
    """A round that was opened asks it: what people were asked, and why it was right, stays."""

    code = "question-in-use"
    title = "A round that was opened asks this question; write a new one"


class RightAnswersUnclear(UnprocessableInput):
    """The right answers are not numbers of choices, or one is named twice."""

    code = "right-answers-unclear"
    title = "Name the right choices by their numbers, from 1 on, each once"
    field = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words in Chinese and, where somebody translated them, in English."""

    zh: str
    en: str = ""

    def within(self, language: Language) -> str:
        """In that language where they are there, else in Chinese."""
        return (self.en if language == "en" else "") or self.zh


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of a unit's bank; choices are numbered from 1."""

    id: UUID
    unit: str
    topic: str
    text: Words
    choices: tuple[Words, ...]
    right: tuple[int, ...]
    explanation: Words
    active: bool = True

    def __post_init__(self) -> None:
        numbers = set(range(1, len(self.choices) + 1))
        if not self.right or len(set(self.right)) < len(self.right) or set(self.right) - numbers:
            raise RightAnswersUnclear

    @property
    def several(self) -> bool:
        """Whether more than one choice is to be marked."""
        return len(self.right) > 1

    def is_right(self, chosen: Collection[int]) -> bool:
        """All that is right, and nothing else, was chosen."""
        return set(chosen) == set(self.right)

    def changed(self, changes: Mapping[str, Any], *, asked: bool) -> "Question":
        """With these fields anew; one that was asked can only be taken out of use, or back.

        Raises QuestionInUse and RightAnswersUnclear.
        """
        if asked and changes.keys() - ALWAYS_FREE:
            raise QuestionInUse
        return replace(self, **changes)
