"""Refuses words that would tell a stranger what a message is about."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter

from services.notification.wording.catalogue import Catalogue, Template, refused_words

_PLACE = re.compile(r"\{[a-z]+\}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with one line, and why."""

    where: str
    reason: str


class IndiscreetWords(ValueError):
    """Words that would reach a lock screen give away what the service is about."""


def revealing_words(text: str) -> tuple[str, ...]:
    """The refused words in a text, however they are spaced, hyphenated or width-shifted."""
    plain = unicodedata.normalize("NFKC", _PLACE.sub(" ", text)).casefold()
    joined = "".join(letter for letter in plain if letter.isalnum())
    words = [re.sub(r"[^a-z0-9]", "", word) for word in _words_of(plain)]
    refused = refused_words()
    chinese = (word for word in refused["zh"] if word in joined)
    english = (word for word in refused["en"] if any(each.startswith(word) for each in words))
    return (*chinese, *english)


def findings(catalogue: Catalogue) -> Iterator[Finding]:
    """Everything wrong with a catalogue; an empty answer lets it be used."""
    for template in catalogue.templates.values():
        for language, words in template.words.items():
            for line in ("title", "text", "subject", "preview"):
                where = f"{template.kind}.{language}.{line}"
                yield from _of_line(where, getattr(words, line), template, line)
    for language, footer in catalogue.footers.items():
        yield from _of_words(f"footer.{language}", footer)


def require_discreet(what: str, text: str) -> None:
    """Raise IndiscreetWords if a text from the settings, such as a sender's name, gives it away."""
    if found := revealing_words(text):
        raise IndiscreetWords(f"{what} contains {', '.join(found)}")


def _of_line(where: str, text: str, template: Template, line: str) -> Iterator[Finding]:
    yield from _of_words(where, text)
    places = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    if unknown := places - set(template.values):
        yield Finding(where, f"has unknown values: {', '.join(sorted(unknown))}")
    if places and line != "text":
        yield Finding(where, "shows a value where strangers may read it")


def _of_words(where: str, text: str) -> Iterator[Finding]:
    if not text.strip():
        yield Finding(where, "is empty")
    for word in revealing_words(text):
        yield Finding(where, f"contains «{word}»")


def _words_of(plain: str) -> Iterator[str]:
    """Words, and hyphenated or dotted runs joined: «self-harm» and «P.H.Q» hide nothing."""
    for run in re.findall(r"[a-z0-9][a-z0-9.'’_‐‑-]*", plain):
        yield run
        yield from re.split(r"[^a-z0-9]+", run)
