"""Chinese first, English on request: the catalogue of every sentence on the pages."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
FOLDER = Path(__file__).parent.parent / "locales"


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """Every sentence of one language by its dotted key."""
    text = (FOLDER / f"{language}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(text)))


def _flat(tree: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in tree.items():
        if isinstance(value, dict):
            found += _flat(value, f"{prefix}{key}.")
        else:
            found.append((prefix + key, str(value)))
    return found


def chosen_language(wish: str | None) -> Language:
    """The language a cookie or a link asks for; Chinese where it asks for none we have."""
    return next((each for each in LANGUAGES if each == wish), "zh")


@dataclass(frozen=True)
class Translator:
    """Looks sentences up: `t("result.score", total=10)`."""

    language: Language

    def __call__(self, key: str, **values: object) -> str:
        sentence = catalogue(self.language)[key]
        return sentence.format(**values) if values else sentence

    def has(self, key: str) -> bool:
        """Is there such a sentence?"""
        return key in catalogue(self.language)

    def either(self, key: str, otherwise: str) -> str:
        """The sentence, or these words where a service sent a code we do not know."""
        return self(key) if self.has(key) else otherwise

    @property
    def other(self) -> Language:
        """The language the switch leads to."""
        return "en" if self.language == "zh" else "zh"

    @property
    def html_lang(self) -> str:
        """The value of the `lang` attribute."""
        return "zh-CN" if self.language == "zh" else "en"
