"""What every part of a definition is made of: strict structures, identifiers, words."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Identifier = Annotated[str, Meta(pattern="^[a-z][a-z0-9_-]*$", max_length=60)]
Version = Annotated[str, Meta(pattern=r"^\d+\.\d+\.\d+$")]
Language = Literal["zh", "en"]


class Strict(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a definition; what it does not know is refused."""


class Text(Strict, frozen=True, kw_only=True):
    """Words in both languages; a language whose wording is not certain is left out."""

    zh: str | None = None
    en: str | None = None

    def within(self, language: Language) -> str | None:
        """The words in one language, or None where that wording is not shipped."""
        return self.zh if language == "zh" else self.en

    def nearest(self, language: Language) -> str | None:
        """The words in one language, or else in the other: for titles."""
        return self.within(language) or self.zh or self.en
