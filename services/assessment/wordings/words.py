"""Words for an instrument that is there already: its questions and the names of its answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from services.assessment.instruments.definition import Instrument
from services.assessment.instruments.words import Language
from services.assessment.wordings.domain import UnusableDefinition, next_version

Texts = dict[Language, str]


@dataclass(slots=True)
class Words:
    """By link id, and by the name and code of an answer."""

    items: dict[str, Texts] = field(default_factory=dict)
    options: dict[tuple[str, int], Texts] = field(default_factory=dict)
    stem: Texts = field(default_factory=dict)


def worded(instrument: Instrument, words: Words) -> dict[str, Any]:
    """The definition with these words in the places of its own, as its next version.

    Raises UnusableDefinition naming what the instrument does not have.
    """
    unknown = [link for link in words.items if instrument.item(link) is None]
    unknown += [
        f"{name} {code}"
        for name, code in words.options
        if code not in {option.score for option in instrument.options.get(name, ())}
    ]
    if unknown:
        raise UnusableDefinition(f"{instrument.id} has no {', '.join(sorted(unknown))}")
    document: dict[str, Any] = msgspec.to_builtins(instrument)
    document["version"] = next_version(instrument)
    document["text_status"] = "imported"
    if words.stem:
        document["stem"] = _laid_over(document.get("stem"), words.stem)
    for item in document["items"]:
        if item["link_id"] in words.items:
            item["text"] = _laid_over(item.get("text"), words.items[item["link_id"]])
    for name, options in document["options"].items():
        for option in options:
            if (name, option["score"]) in words.options:
                option["text"] = _laid_over(option["text"], words.options[name, option["score"]])
    return document


def _laid_over(present: Mapping[str, str | None] | None, texts: Texts) -> dict[str, str]:
    known = {language: text for language, text in (present or {}).items() if text}
    return known | {str(language): text for language, text in texts.items()}
