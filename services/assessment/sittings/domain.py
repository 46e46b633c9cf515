"""A sheet that is being filled in."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self
from uuid import UUID

from services.assessment.instruments.definition import Critical, Instrument
from services.assessment.scoring.answers import Answers, missing_items
from services.chassis.errors import Conflict, NotFound
from services.contracts.assessment import Risk


class SittingNotFound(NotFound):
    """There is no such sitting, or it is somebody else's, or it was left too long ago."""

    code = "sitting-not-found"


class SittingSubmitted(Conflict):
    """It was handed in; its answers do not change any more."""

    code = "sitting-submitted"


class InstrumentChanged(Conflict):
    """The instrument has a new version since the sitting began; please start again."""

    code = "instrument-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One person's answers so far; `flags` are the crisis flags raised, under `case`.

    `heard` holds the worst code of each critical item that raised one.
    """

    id: UUID
    person: UUID
    instrument: str
    version: str
    answers: dict[str, int | None] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    heard: dict[str, int] = field(default_factory=dict)
    case: UUID | None = None
    campaign: UUID | None = None
    response: UUID | None = None

    @property
    def state(self) -> str:
        """`open`, or `submitted`."""
        return "open" if self.response is None else "submitted"

    @property
    def risk(self) -> Risk:
        """An unfinished sheet says crisis, or nothing that may be relied on."""
        return Risk.CRISIS if self.flags else Risk.UNKNOWN

    def check_open(self, version: str) -> None:
        """Raises SittingSubmitted, or InstrumentChanged."""
        if self.response is not None:
            raise SittingSubmitted
        if self.version != version:
            raise InstrumentChanged

    def answered(self, answers: Answers) -> Self:
        """With these answers added or changed."""
        return replace(self, answers={**self.answers, **answers})

    def is_news(self, item: str, code: int) -> bool:
        """Whether this critical answer was not heard yet, or is worse than what was."""
        return code > self.heard.get(item, -1)

    def flagged(self, heard: Sequence[tuple[Critical, int]], case: UUID) -> Self:
        """With these answers heard; a flag stays, also when the answer is changed."""
        flags = dict.fromkeys((*self.flags, *(critical.flag for critical, _ in heard)))
        worst = {
            critical.item: max(code, self.heard.get(critical.item, code))
            for critical, code in heard
        }
        return replace(self, flags=tuple(flags), heard={**self.heard, **worst}, case=case)

    def submitted(self, response: UUID) -> Self:
        """Handed in as this response, which holds the answers from now on."""
        return replace(self, response=response, answers={})

    def remaining(self, instrument: Instrument) -> list[str]:
        """Required items without an answer yet."""
        return [] if self.response else missing_items(instrument, self.answers)
