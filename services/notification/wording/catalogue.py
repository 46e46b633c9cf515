"""The words of every kind of message, read from the data files beside this module."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("zh", "en")


class ValueKind(StrEnum):
    """What a value in a text can be."""

    MOMENT = "moment"
    COUNT = "count"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one kind in one language, with the places of its values in braces."""

    title: str
    text: str
    subject: str
    preview: str


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of message: its values, the page its mail points to, its words by language."""

    kind: str
    link: str
    values: Mapping[str, ValueKind]
    words: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All kinds, and the line that ends every mail, by language."""

    templates: Mapping[str, Template]
    footers: Mapping[str, str]


@cache
def catalogue() -> Catalogue:
    """The shipped words; a missing kind, line or language raises KeyError or TypeError."""
    kinds = _read("kinds")
    texts = {language: _read(language) for language in LANGUAGES}
    return Catalogue(
        templates={kind: _template(kind, described, texts) for kind, described in kinds.items()},
        footers={language: texts[language]["footer"] for language in LANGUAGES},
    )


@cache
def refused_words() -> Mapping[str, tuple[str, ...]]:
    """The words no message may contain, by language."""
    return {language: tuple(words) for language, words in _read("refused").items()}


def _template(kind: str, described: Mapping[str, Any], texts: Mapping[str, Any]) -> Template:
    return Template(
        kind=kind,
        link=described["link"],
        values={name: ValueKind(value) for name, value in described["values"].items()},
        words={language: Words(**texts[language][kind]) for language in LANGUAGES},
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))
