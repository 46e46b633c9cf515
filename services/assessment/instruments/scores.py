"""How the scores of an instrument are made, and the bands and norms they are read by."""

from typing import Annotated, Literal

from msgspec import Meta, field

from services.assessment.instruments.words import Identifier, Strict, Text


class Missing(Strict, frozen=True, kw_only=True):
    """How many skipped items a score bears; `never` names those it cannot do without."""

    at_most: Annotated[int, Meta(ge=1)]
    never: tuple[Identifier, ...] = ()


class Band(Strict, frozen=True, kw_only=True):
    """A range of a score, from a lower bound up to the next band's; so bands have no gaps."""

    code: Identifier
    start: int | float = field(name="from")
    label: Text
    meaning: Text | None = None


class BandSet(Strict, frozen=True, kw_only=True):
    """Bands as one source draws them; sources may disagree, so there may be several sets."""

    source: str
    bands: tuple[Band, ...]


class Norm(Strict, frozen=True, kw_only=True):
    """Mean and standard deviation of scores in some population, by score."""

    source: str
    population: Text
    people: Annotated[int, Meta(ge=1)] | None = None
    values: dict[Identifier, tuple[float, float]]
    note: str | None = None


class _Score(Strict, frozen=True, kw_only=True):
    """What every score has. `audience` `clinical` is never shown to the person."""

    id: Identifier
    title: Text
    audience: Literal["person", "clinical"] = "person"
    loinc: str | None = None


class _Banded(_Score, frozen=True, kw_only=True):
    range: tuple[int | float, int | float]
    higher: Literal["worse", "better"] = "worse"
    band_sets: dict[Identifier, BandSet] = field(default_factory=dict)
    band_set: Identifier | None = None

    @property
    def bands(self) -> tuple[Band, ...]:
        """The bands of the set in use."""
        return self.band_sets[self.band_set].bands if self.band_set else ()


class Sum(_Banded, frozen=True, kw_only=True, tag_field="method", tag="sum"):
    """The sum of the items; skipped ones are prorated, rounding a half up, as `missing` allows."""

    items: tuple[Identifier, ...]
    reverse: tuple[Identifier, ...] = ()
    missing: Missing | None = None


class Mean(_Banded, frozen=True, kw_only=True, tag_field="method", tag="mean"):
    """The mean of the answered items, exact; shown with two decimals."""

    items: tuple[Identifier, ...]
    reverse: tuple[Identifier, ...] = ()
    missing: Missing | None = None


class Linear(_Banded, frozen=True, kw_only=True, tag_field="method", tag="linear"):
    """Another score, moved and stretched: (score - minus) * times / over, then rounded."""

    of: Identifier
    minus: int = 0
    times: Annotated[int, Meta(ge=1)] = 1
    over: Annotated[int, Meta(ge=1)] = 1
    rounding: Literal["none", "half-up", "floor"] = "none"


class Count(_Banded, frozen=True, kw_only=True, tag_field="method", tag="count"):
    """How many of the items are at or above a code."""

    items: tuple[Identifier, ...]
    at_least: int


class MeanFrom(_Banded, frozen=True, kw_only=True, tag_field="method", tag="mean-from"):
    """The mean of those answers that are at or above a code; none where no answer is."""

    items: tuple[Identifier, ...]
    at_least: int


class Total(_Banded, frozen=True, kw_only=True, tag_field="method", tag="total"):
    """The sum of scores that stand before it."""

    of: Annotated[tuple[Identifier, ...], Meta(min_length=1)]


class Ratio(_Banded, frozen=True, kw_only=True, tag_field="method", tag="ratio"):
    """One score in proportion to another: of * times / (over * per); none where over is zero."""

    of: Identifier
    over: Identifier
    times: Annotated[int, Meta(ge=1)] = 1
    per: Annotated[int, Meta(ge=1)] = 1


class Program(_Banded, frozen=True, kw_only=True, tag_field="method", tag="program"):
    """A number that a program of the engine works out, where the method is no formula."""

    program: Literal["psqi"]
    output: Identifier


class Condition(Strict, frozen=True, kw_only=True):
    """At least so many of these items reach their own threshold."""

    of: dict[Identifier, int]
    at_least: Annotated[int, Meta(ge=1)]


class Case(Strict, frozen=True, kw_only=True):
    """A code, where all its conditions hold."""

    code: Identifier
    when: tuple[Condition, ...]


class Cases(_Score, frozen=True, kw_only=True, tag_field="method", tag="cases"):
    """The first case whose conditions hold, such as a symptom algorithm."""

    cases: tuple[Case, ...]
    otherwise: Identifier


Banded = Sum | Mean | MeanFrom | Count | Linear | Total | Ratio | Program
Score = Banded | Cases
