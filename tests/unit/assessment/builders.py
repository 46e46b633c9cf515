"""Builders that say only what a test is about."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from services.assessment.care.definition import CarePolicy
from services.assessment.care.reading import DEFAULT, read_policy
from services.assessment.instruments.catalogue import read_catalogue
from services.assessment.instruments.definition import Instrument

CATALOGUE = read_catalogue()
POLICY: CarePolicy = read_policy(DEFAULT, CATALOGUE, signed=False)
PHQ9 = CATALOGUE.get("phq9").instrument
GAD7 = CATALOGUE.get("gad7").instrument


def vectors(name: str) -> list[dict[str, Any]]:
    """Scored response sets, each with the program or the person they come from."""
    loaded: list[dict[str, Any]] = json.loads(
        (Path(__file__).parent / "vectors" / f"{name}.json").read_text()
    )
    return loaded


def answers(*codes: int | None) -> dict[str, int | None]:
    """Answers to q1, q2, … in order."""
    return {f"q{number}": code for number, code in enumerate(codes, 1)}


def phq9(**changed: int | None) -> dict[str, int | None]:
    """Nine answers «not at all», but for those named."""
    return {**answers(*[0] * 9), **changed}


def an_instrument(
    *, items: int, codes: Sequence[int], scores: Sequence[dict[str, Any]], **more: Any
) -> Instrument:
    """A wordless instrument with these scores, as a data file would define it."""
    text = {"zh": "", "en": ""}
    return msgspec.convert(
        {
            "id": "made-up",
            "version": "1.0.0",
            "title": text,
            "licence": {
                "ship": "scoring-only",
                "status": "a test",
                "notice": "none",
                "confidence": "high",
            },
            "options": {"all": [{"score": code, "text": text} for code in codes]},
            "items": [{"link_id": f"q{n}", "options": "all"} for n in range(1, items + 1)],
            "scores": [{"title": text, **score} for score in scores],
            "text_status": "none",
            "sources": [],
            **more,
        },
        Instrument,
    )


def links(*numbers: int) -> list[str]:
    """Link ids of these item numbers."""
    return [f"q{number}" for number in numbers]
