"""What a care policy file says; the engine in `levels` reads it and nothing else."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from services.assessment.instruments.words import Identifier, Text, Version
from services.contracts.assessment import Risk

CareLevel = Annotated[int, Meta(ge=0, le=4)]


class _Strict(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Level(_Strict, frozen=True, kw_only=True):
    """One step of care: its risk word, its colour, and what it tells the person."""

    level: CareLevel
    risk: Risk
    colour: Literal["green", "yellow", "orange", "red", "dark-red"]
    title: Text
    advice: Text


class Step(_Strict, frozen=True, kw_only=True):
    """From this score (or code) on, at least this level."""

    start: int | float = field(name="from")
    level: CareLevel


class Rule(_Strict, frozen=True, kw_only=True):
    """Levels by one score, or by the answer to one item, of one instrument."""

    id: Identifier
    instrument: Identifier
    score: Identifier | None = None
    item: Identifier | None = None
    steps: tuple[Step, ...]


class SeveralFactors(_Strict, frozen=True, kw_only=True):
    """So many rules at or above a level together raise the highest of them."""

    rules: Annotated[int, Meta(ge=2)]
    counted_from: CareLevel
    raise_by: Annotated[int, Meta(ge=1)]
    up_to: CareLevel


class Signature(_Strict, frozen=True, kw_only=True):
    """Who answers for the policy, and the fingerprint of what they signed."""

    name: Annotated[str, Meta(min_length=2)]
    role: str
    on: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class CrisisPart(_Strict, frozen=True, kw_only=True):
    """Which flags open a case at once, and the level of care that goes with it."""

    flags: tuple[Identifier, ...]
    acute_flags: tuple[Identifier, ...] = ()
    care_level: CareLevel
    title: Text
    advice: Text
    signed_by: Signature | None = None


class ReviewPart(_Strict, frozen=True, kw_only=True):
    """Which flags call for a counsellor's look, and are no crisis."""

    flags: tuple[Identifier, ...]
    care_level: CareLevel


class UnknownPart(_Strict, frozen=True, kw_only=True):
    """What is done where a critical item, or the whole score, is missing: never nothing."""

    care_level: CareLevel
    title: Text
    advice: Text


class CarePolicy(_Strict, frozen=True, kw_only=True):
    """One version of the federation's care policy."""

    schema: str | UnsetType = field(name="$schema", default=UNSET)
    id: Identifier
    version: Version
    title: Text
    levels: tuple[Level, ...]
    rules: tuple[Rule, ...]
    several_factors: SeveralFactors | None = None
    unknown: UnknownPart
    review: ReviewPart | None = None
    crisis: CrisisPart
    sources: tuple[str, ...]

    @property
    def reviewed(self) -> tuple[str, ...]:
        """Flags that call for a counsellor's look."""
        return self.review.flags if self.review else ()

    @property
    def pin(self) -> str:
        """How results name it."""
        return f"{self.id}@{self.version}"
