"""A completed sheet of answers, and the ways in which one is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from services.assessment.care.levels import Assessment
from services.assessment.instruments.catalogue import Catalogue, Edition
from services.assessment.scoring.answers import AnswerProblem, Answers
from services.assessment.scoring.quality import quality_flags
from services.assessment.scoring.rounding import plain
from services.chassis.errors import FieldError, NotFound, UnprocessableInput
from services.contracts.assessment import Risk


class UnknownInstrument(UnprocessableInput):
    """There is no such scale to answer."""

    code = "unknown-instrument"


class AnswersRefused(UnprocessableInput):
    """Some answers are missing, unknown or out of range; each is named."""

    code = "answers-refused"
    title = "Some answers are missing or not possible"


class ResponseNotFound(NotFound):
    """There is no such response, or it is somebody else's."""

    code = "response-not-found"


class Result(Struct, frozen=True, kw_only=True):
    """What a response came to; together with the answers it is kept sealed."""

    answers: dict[str, int | None]
    scores: dict[str, int | float | str | None]
    band: str | None
    risk: Risk
    care_level: int
    rules: tuple[str, ...]
    prorated: tuple[str, ...]
    quality: tuple[str, ...]
    elapsed_seconds: int | None
    case: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answered instrument of one person, with the versions it was measured by."""

    id: UUID
    person: UUID
    pins: dict[str, str]
    result: Result
    completed_at: datetime | None = None
    campaign: UUID | None = None

    @property
    def instrument(self) -> str:
        """The instrument's id."""
        return self.pins["instrument"]

    @property
    def version(self) -> str:
        """The instrument's version."""
        return self.pins["version"]


@dataclass(frozen=True, slots=True)
class Kept:
    """When a response was completed, and whether the agreement that came with it is a new one."""

    completed_at: datetime
    newly_agreed: bool


def edition_of(catalogue: Catalogue, instrument_id: object) -> Edition:
    """The edition to answer; raises UnknownInstrument naming those there are."""
    edition = catalogue.find(instrument_id)
    if edition is None:
        known = ", ".join(each.instrument.id for each in catalogue)
        fault = FieldError("instrument", f"expected one of {known}", "unknown-instrument")
        raise UnknownInstrument(errors=[fault])
    return edition


def refuse(problems: Sequence[AnswerProblem]) -> None:
    """Raise AnswersRefused where there are any."""
    if problems:
        raise AnswersRefused(
            errors=[FieldError(f"answers.{p.link_id}", p.message, p.code) for p in problems]
        )


def result_of(
    edition: Edition,
    answers: Answers,
    assessment: Assessment,
    *,
    elapsed_seconds: int | None,
    case: UUID | None,
) -> Result:
    """The result to keep."""
    values: dict[str, Any] = assessment.scoring.values
    return Result(
        answers=dict(answers),
        scores={
            name: value if value is None or isinstance(value, str) else plain(value)
            for name, value in values.items()
        },
        band=assessment.band,
        risk=assessment.risk,
        care_level=assessment.care_level,
        rules=assessment.rules,
        prorated=assessment.scoring.prorated,
        quality=quality_flags(edition.instrument, answers, elapsed_seconds),
        elapsed_seconds=elapsed_seconds,
        case=case,
    )
