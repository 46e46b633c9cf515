"""What a file of `instruments/data` may say; `instrument.schema.json` is generated from here."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

Identifier = Annotated[str, Meta(pattern="^[a-z][a-z0-9_-]*$", max_length=60)]
Version = Annotated[str, Meta(pattern=r"^\d+\.\d+\.\d+$")]
Language = Literal["zh", "en"]


class _Strict(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Text(_Strict, frozen=True, kw_only=True):
    """Words in both languages; a language whose wording is not certain is left out."""

    zh: str | None = None
    en: str | None = None

    def within(self, language: Language) -> str | None:
        """The words in one language, or None where that wording is not shipped."""
        return self.zh if language == "zh" else self.en


class Licence(_Strict, frozen=True, kw_only=True):
    """Whose text it is and what that allows.

    `ship`: `text` may be part of the product, `noncommercial` only as an optional pack under its
    own licence, `scoring-only` has no wording here and is brought by the operator.
    """

    ship: Literal["text", "noncommercial", "scoring-only"]
    status: str
    notice: str
    confidence: Literal["high", "medium", "low"]
    evidence: str | None = None


class Recall(_Strict, frozen=True, kw_only=True):
    """The time the questions ask about."""

    days: Annotated[int, Meta(gt=0)]
    text: Text


class Option(_Strict, frozen=True, kw_only=True):
    """One possible answer and the code it is stored and scored by."""

    score: int
    text: Text
    loinc: str | None = None


class Item(_Strict, frozen=True, kw_only=True):
    """One question. An item that is not required may be left out of the answers."""

    link_id: Identifier
    options: Identifier
    text: Text | None = None
    loinc: str | None = None
    required: bool = True


class Critical(_Strict, frozen=True, kw_only=True):
    """An answer that by itself calls for a conversation with a human."""

    item: Identifier
    at_least: int
    flag: Identifier


class Missing(_Strict, frozen=True, kw_only=True):
    """How many skipped items a score bears; `never` names those it cannot do without."""

    at_most: Annotated[int, Meta(ge=1)]
    never: tuple[Identifier, ...] = ()


class Band(_Strict, frozen=True, kw_only=True):
    """A range of a score, from a lower bound up to the next band's; so bands have no gaps."""

    code: Identifier
    start: int | float = field(name="from")
    label: Text
    meaning: Text


class _Score(_Strict, frozen=True, kw_only=True):
    """What every score has. `audience` `clinical` is never shown to the person."""

    id: Identifier
    title: Text
    audience: Literal["person", "clinical"] = "person"
    loinc: str | None = None


class _Banded(_Score, frozen=True, kw_only=True):
    range: tuple[int | float, int | float]
    band_sets: dict[Identifier, tuple[Band, ...]] = {}
    band_set: Identifier | None = None

    @property
    def bands(self) -> tuple[Band, ...]:
        """The bands of the set in use."""
        return self.band_sets[self.band_set] if self.band_set else ()


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


class Condition(_Strict, frozen=True, kw_only=True):
    """At least so many of these items reach their own threshold."""

    of: dict[Identifier, int]
    at_least: Annotated[int, Meta(ge=1)]


class Case(_Strict, frozen=True, kw_only=True):
    """A code, where all its conditions hold."""

    code: Identifier
    when: tuple[Condition, ...]


class Cases(_Score, frozen=True, kw_only=True, tag_field="method", tag="cases"):
    """The first case whose conditions hold, such as a symptom algorithm."""

    cases: tuple[Case, ...]
    otherwise: Identifier


Score = Sum | Mean | Linear | Count | Cases
Banded = Sum | Mean | Linear | Count


class Loinc(_Strict, frozen=True, kw_only=True):
    """Codes of the whole instrument."""

    panel: str | None = None
    answer_list: str | None = None


class Instrument(_Strict, frozen=True, kw_only=True):
    """One version of one scale. `main` names the score whose band is the result's band."""

    schema: str | UnsetType = field(name="$schema", default=UNSET)
    id: Identifier
    version: Version
    title: Text
    licence: Licence
    recall: Recall | None = None
    stem: Text | None = None
    loinc: Loinc | None = None
    options: dict[Identifier, tuple[Option, ...]]
    items: tuple[Item, ...]
    scores: tuple[Score, ...]
    main: Identifier | None = None
    critical: tuple[Critical, ...] = ()
    text_status: str
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...]

    def item(self, link_id: str) -> Item | None:
        """The item of that link id, if there is one."""
        return next((item for item in self.items if item.link_id == link_id), None)

    def codes(self, link_id: str) -> tuple[int, ...]:
        """The codes an item can be answered with, lowest first."""
        item = self.item(link_id)
        if item is None:
            return ()
        return tuple(sorted(option.score for option in self.options[item.options]))

    @property
    def main_score(self) -> Banded | None:
        """The score whose band is the result's band."""
        return next(
            (s for s in self.scores if s.id == self.main and not isinstance(s, Cases)), None
        )
