"""FHIR R4 Questionnaire → words of an instrument that is there, or a new one that is a sum."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.assessment.instruments.definition import Instrument
from services.assessment.instruments.words import Language
from services.assessment.wordings.domain import UnusableDefinition
from services.assessment.wordings.words import Words

Document = Mapping[str, Any]
WEIGHTS = ("ordinalvalue", "itemweight", "questionnaire-ordinalvalue")
ASKED = frozenset({"choice", "open-choice", "coding", "integer", "decimal"})


def words_of(questionnaire: Document, instrument: Instrument) -> Words:
    """By link id, else by LOINC code, else in order where as many are asked as there are."""
    language, words = language_of(questionnaire), Words()
    asked = list(_asked(questionnaire))
    places = _places(asked, instrument)
    for item, link_id in zip(asked, places, strict=True):
        words.items[link_id] = {language: _text(item)}
        found = instrument.item(link_id)
        name = found.options if found else None
        for score, text in _options(item):
            if name is not None:
                words.options.setdefault((name, score), {})[language] = text
    return words


def definition_of(questionnaire: Document, instrument_id: str) -> dict[str, Any]:
    """An instrument of its own: its items, their answers with weights, and the sum of them all."""
    language = language_of(questionnaire)
    asked = list(_asked(questionnaire))
    if not asked:
        raise UnusableDefinition("the questionnaire asks nothing that has weighed answers")
    options: dict[str, Any] = {}
    items: list[dict[str, Any]] = []
    names: dict[tuple[tuple[int, str], ...], str] = {}
    for number, item in enumerate(asked, 1):
        found = tuple(_options(item))
        if not found:
            raise UnusableDefinition(f"item {item.get('linkId')} has no answers with a weight")
        name = names.setdefault(found, f"answers-{len(names) + 1}")
        options[name] = [{"score": code, "text": {language: text}} for code, text in found]
        items.append({"link_id": f"q{number}", "options": name, "text": {language: _text(item)}})
    edges = [sorted(code for code, _ in _options(item)) for item in asked]
    total = {
        "id": "total",
        "method": "sum",
        "title": {"zh": "总分", "en": "Total"},
        "items": [item["link_id"] for item in items],
        "range": [sum(each[0] for each in edges), sum(each[-1] for each in edges)],
    }
    return {
        "id": instrument_id,
        "version": "1.0.0",
        "title": {language: str(questionnaire.get("title") or questionnaire.get("name") or "")},
        "licence": _licence(questionnaire),
        "options": options,
        "items": items,
        "scores": [total],
        "main": "total",
        "text_status": "imported from a FHIR Questionnaire",
        "sources": [str(questionnaire.get("url") or "FHIR Questionnaire")],
    }


def language_of(questionnaire: Document) -> Language:
    """`en` where it says so, else Chinese."""
    return "en" if str(questionnaire.get("language", "")).startswith("en") else "zh"


def _licence(questionnaire: Document) -> dict[str, str]:
    notice = str(questionnaire.get("copyright") or "none stated")
    return {"ship": "imported", "status": "imported", "notice": notice, "confidence": "low"}


def _places(asked: Sequence[Document], instrument: Instrument) -> list[str]:
    by_code = {item.loinc: item.link_id for item in instrument.items if item.loinc}
    required = [item.link_id for item in instrument.items if item.required]
    found = []
    for place, item in enumerate(asked):
        link_id = str(item.get("linkId", ""))
        codes = [each.get("code") for each in item.get("code", ()) if isinstance(each, Mapping)]
        known = next((by_code[code] for code in codes if code in by_code), None)
        if instrument.item(link_id) is not None:
            known = link_id
        elif known is None and len(asked) == len(required):
            known = required[place]
        if known is None:
            raise UnusableDefinition(f"item {link_id} is none of {instrument.id}")
        found.append(known)
    return found


def _asked(document: Document) -> Iterator[Document]:
    items = document.get("item", ())
    for item in items if isinstance(items, Sequence) else ():
        if not isinstance(item, Mapping):
            raise UnusableDefinition("an item is not an object")
        if item.get("type") in ASKED:
            yield item
        yield from _asked(item)


def _options(item: Document) -> Iterator[tuple[int, str]]:
    for option in item.get("answerOption", ()):
        if "valueInteger" in option:
            yield int(option["valueInteger"]), str(option["valueInteger"])
            continue
        coding = option.get("valueCoding", {})
        weight = _weight(option) if _weight(option) is not None else _weight(coding)
        if weight is not None:
            yield weight, str(coding.get("display") or coding.get("code") or "")


def _weight(part: Document) -> int | None:
    for extension in part.get("extension", ()):
        if str(extension.get("url", "")).rsplit("/", 1)[-1].lower() in WEIGHTS:
            value = extension.get("valueDecimal", extension.get("valueInteger"))
            if value is not None and float(value).is_integer():
                return int(value)
    return None


def _text(item: Document) -> str:
    return str(item.get("text") or "")
