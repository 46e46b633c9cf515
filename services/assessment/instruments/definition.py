"""What a file of `instruments/data` may say; `instrument.schema.json` is generated from here."""

from functools import cached_property
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType, field

from services.assessment.instruments.scores import Banded, Cases, Norm, Score
from services.assessment.instruments.words import (
    Identifier,
    Language,
    Strict,
    Text,
    Version,
)


class Licence(Strict, frozen=True, kw_only=True):
    """Whose text it is and what that allows.

    `ship`: `text` may be part of the product, `noncommercial` only as an optional pack under its
    own licence, `scoring-only` has no wording here and is brought by the operator; `imported` was
    brought, and `status` says by what right.
    """

    ship: Literal["text", "noncommercial", "scoring-only", "imported"]
    status: str
    notice: str
    confidence: Literal["high", "medium", "low"]
    evidence: str | None = None


class Recall(Strict, frozen=True, kw_only=True):
    """The time the questions ask about."""

    days: Annotated[int, Meta(gt=0)]
    text: Text


class Option(Strict, frozen=True, kw_only=True):
    """One possible answer and the code it is stored and scored by."""

    score: int
    text: Text
    loinc: str | None = None


class Number(Strict, frozen=True, kw_only=True):
    """An answer that is a number itself: minutes, or the minute of the day (0 is midnight)."""

    low: int
    high: int
    unit: Literal["minutes", "minute-of-day"]


class Item(Strict, frozen=True, kw_only=True):
    """One question, answered by one of its options or by a number.

    An item that is not required may be left out of the answers. `absent` is what it counts as for
    those it does not apply to, who skip it.
    """

    link_id: Identifier
    options: Identifier | None = None
    number: Number | None = None
    text: Text | None = None
    loinc: str | None = None
    required: bool = True
    absent: int | None = None


class Skip(Strict, frozen=True, kw_only=True):
    """Once these items have these answers, others need not be asked and count as said."""

    when: dict[Identifier, int]
    sets: dict[Identifier, int]


class Critical(Strict, frozen=True, kw_only=True):
    """An answer that by itself calls for a conversation with a human."""

    item: Identifier
    at_least: int
    flag: Identifier


class Loinc(Strict, frozen=True, kw_only=True):
    """Codes of the whole instrument."""

    panel: str | None = None
    answer_list: str | None = None


class Instrument(Strict, frozen=True, kw_only=True, dict=True):
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
    skips: tuple[Skip, ...] = ()
    scores: tuple[Score, ...]
    norms: dict[Identifier, Norm] = field(default_factory=dict)
    main: Identifier | None = None
    critical: tuple[Critical, ...] = ()
    text_status: str
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...]

    @property
    def number(self) -> tuple[int, ...]:
        """The version as numbers, to compare by."""
        return tuple(int(part) for part in self.version.split("."))

    @cached_property
    def has_rules(self) -> bool:
        """Whether what is scored may differ from what is answered."""
        return bool(self.skips) or any(item.absent is not None for item in self.items)

    def item(self, link_id: str) -> Item | None:
        """The item of that link id, if there is one."""
        return self._items.get(link_id)

    def codes(self, link_id: str) -> tuple[int, ...]:
        """The codes an item can be answered with, lowest first."""
        return self._codes.get(link_id, ())

    @cached_property
    def _items(self) -> dict[str, Item]:
        return {item.link_id: item for item in reversed(self.items)}

    @cached_property
    def _codes(self) -> dict[str, tuple[int, ...]]:
        return {link_id: self._codes_of(item) for link_id, item in self._items.items()}

    def _codes_of(self, item: Item) -> tuple[int, ...]:
        if item.number is not None:
            return tuple(range(item.number.low, item.number.high + 1))
        options = self.options.get(item.options or "", ())
        return tuple(sorted(option.score for option in options))

    @property
    def languages(self) -> tuple[Language, ...]:
        """Those in which every question that has to be asked, and its answers, have words."""
        needed = [item for item in self.items if item.required]
        texts = [item.text or Text() for item in needed]
        texts += [
            option.text
            for name in {item.options for item in needed if item.options}
            for option in self.options[name]
        ]
        found: list[Language] = ["zh", "en"]
        return tuple(each for each in found if needed and all(t.within(each) for t in texts))

    @property
    def main_score(self) -> Banded | None:
        """The score whose band is the result's band."""
        return next(
            (s for s in self.scores if s.id == self.main and not isinstance(s, Cases)), None
        )
