"""Instruments as they go out: in one language, with the wording of consent beside them."""

from math import ceil
from typing import Any

from services.assessment.consent.texts import Purpose
from services.assessment.instruments.catalogue import Edition
from services.assessment.instruments.definition import Instrument, Item, Option
from services.assessment.instruments.scores import Banded, Cases
from services.assessment.instruments.words import Language, Text
from services.assessment.scoring.rounding import exact

SECONDS_AN_ITEM = 12


def listed(edition: Edition, language: Language) -> dict[str, Any]:
    """One line of the list."""
    instrument = edition.instrument
    required = [item for item in instrument.items if item.required]
    return {
        "id": instrument.id,
        "title": instrument.title.nearest(language),
        "version": instrument.version,
        "recall_period": _recall(instrument, language),
        "licence": _licence(instrument),
        "item_count": len(required),
        "minutes": ceil(len(required) * SECONDS_AN_ITEM / 60),
    }


def managed(edition: Edition, language: Language) -> dict[str, Any]:
    """A line for whoever decides what is offered."""
    return {
        **listed(edition, language),
        "state": edition.state.value,
        "languages": list(edition.languages),
        "confidence": edition.instrument.licence.confidence,
        "text_status": edition.instrument.text_status,
    }


def detailed(edition: Edition, consent: Purpose, language: Language) -> dict[str, Any]:
    """All that is needed to ask, and to draw the result."""
    instrument = edition.instrument
    main = instrument.main_score
    return {
        **listed(edition, language),
        "text_hash": edition.pins["text"],
        "stem": _within(instrument.stem, language),
        "loinc": instrument.loinc.panel if instrument.loinc else None,
        "items": [_item(instrument, item, language) for item in instrument.items if item.required],
        "skips": [{"when": skip.when, "sets": skip.sets} for skip in instrument.skips],
        "optional_items": [
            _item(instrument, item, language)
            for item in instrument.items
            if not item.required and _within(item.text, language)
        ],
        "scores": [
            _score(score, language)
            for score in instrument.scores
            if not isinstance(score, Cases) and score.audience == "person"
        ],
        "main": instrument.main,
        "bands": _bands(main, language) if main else [],
        "consent": {
            "version": consent.version,
            "title": consent.title.within(language),
            "text": consent.text.within(language),
        },
        "sources": instrument.sources,
    }


def _item(instrument: Instrument, item: Item, language: Language) -> dict[str, Any]:
    return {
        "link_id": item.link_id,
        "text": _within(item.text, language),
        "loinc": item.loinc,
        "critical": any(critical.item == item.link_id for critical in instrument.critical),
        "options": [
            _option(option, language)
            for option in (instrument.options[item.options] if item.options else ())
        ],
        "number": _number(item),
    }


def _number(item: Item) -> dict[str, Any] | None:
    number = item.number
    return {"low": number.low, "high": number.high, "unit": number.unit} if number else None


def _option(option: Option, language: Language) -> dict[str, Any]:
    return {
        "score": option.score,
        "text": option.text.within(language),
        "loinc": option.loinc,
    }


def _score(score: Banded, language: Language) -> dict[str, Any]:
    return {
        "id": score.id,
        "title": score.title.within(language),
        "min": score.range[0],
        "max": score.range[1],
        "higher": score.higher,
        "loinc": score.loinc,
        "bands": _bands(score, language),
    }


def _bands(score: Banded, language: Language) -> list[dict[str, Any]]:
    """Each with the values it covers; `max` is where the next begins, less one for whole scores."""
    ends = [band.start for band in score.bands[1:]]
    whole = all(exact(end).denominator == 1 for end in ends)
    tops = [end - 1 if whole else end for end in ends] + [score.range[1]]
    return [
        {
            "code": band.code,
            "min": band.start,
            "max": top,
            "title": band.label.within(language),
            "meaning": _within(band.meaning, language) or "",
        }
        for band, top in zip(score.bands, tops, strict=bool(score.bands))
    ]


def _recall(instrument: Instrument, language: Language) -> dict[str, Any] | None:
    recall = instrument.recall
    return {"days": recall.days, "text": recall.text.within(language)} if recall else None


def _licence(instrument: Instrument) -> dict[str, Any]:
    licence = instrument.licence
    return {"ship": licence.ship, "status": licence.status, "notice": licence.notice}


def _within(text: Text | None, language: Language) -> str | None:
    return text.within(language) if text else None
