"""What an indicator is called, in Chinese and English."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from services.reporting.counting.codes import RESPONSES
from services.reporting.figures.kinds import RESPONSE_PREFIX, RISK_PREFIX

TITLES = Path(__file__).with_name("titles.toml")


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(TITLES.read_text(encoding="utf-8"))


def title_of(code: str, language: str) -> str:
    """The title; a code nobody named is its own title."""
    named = _data()["titles"].get(code)
    if named:
        return str(named[language])
    if code.startswith(RISK_PREFIX):
        return _filled("risk", language, risk=_word("risks", code[len(RISK_PREFIX) :], language))
    if code.startswith(RESPONSE_PREFIX) and code != RESPONSES:
        return _response_title(code[len(RESPONSE_PREFIX) :], language)
    return code


def _response_title(detail: str, language: str) -> str:
    name, _, band = detail.partition("-")
    instrument = _data()["instruments"].get(name, name.upper())
    if not band:
        return _filled("instrument", language, instrument=instrument)
    return _filled("band", language, instrument=instrument, band=_word("bands", band, language))


def _filled(pattern: str, language: str, **words: str) -> str:
    return str(_data()["patterns"][pattern][language]).format(**words)


def _word(table: str, name: str, language: str) -> str:
    known = _data()[table].get(name.replace("_", "-"))
    return str(known[language]) if known else name
