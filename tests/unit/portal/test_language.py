import re
from pathlib import Path
from string import Formatter

import pytest

from services.portal.web.language import LANGUAGES, Translator, catalogue, chosen_language

PORTAL = Path("services/portal")
LITERAL = re.compile(r"""\b(?:t|visit\.t|visit\.say)\(\s*["']([a-z0-9_.-]+)["'](?=[,)])""")
FLASH = re.compile(r"""visit\.go\([^()]*(?:\([^()]*\))?[^()]*,\s*["']([a-z_.]+)["']\)""")


def _sources() -> list[Path]:
    return [*PORTAL.rglob("*.html"), *PORTAL.rglob("*.py")]


def test_both_languages_have_the_same_sentences() -> None:
    assert catalogue("zh").keys() == catalogue("en").keys()


def test_both_languages_fill_in_the_same_values() -> None:
    def names(sentence: str) -> set[str | None]:
        return {field for _, field, _, _ in Formatter().parse(sentence)} - {None}

    differing = [
        key for key in catalogue("zh") if names(catalogue("zh")[key]) != names(catalogue("en")[key])
    ]

    assert differing == []


def test_every_sentence_a_page_names_exists() -> None:
    named = {
        (key, path.name)
        for path in _sources()
        for pattern in (LITERAL, FLASH)
        for key in pattern.findall(path.read_text(encoding="utf-8"))
        if not key.endswith((".", "_"))
    }

    missing = {(key, name) for key, name in named if key not in catalogue("zh")}

    assert missing == set()
    assert len(named) > 150


def test_chinese_sentences_use_chinese_punctuation() -> None:
    careless = [
        sentence
        for sentence in catalogue("zh").values()
        if re.search(r"[\u4e00-\u9fff][,?!;:(]|[,?!;)][\u4e00-\u9fff]", sentence)
    ]

    assert careless == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_names_an_illness_or_a_treatment(language: str) -> None:
    words = ("抑郁症", "患者", "确诊", "治疗方案", "disorder", "patient", "depression")
    t = catalogue(language)

    found = [(key, word) for key, text in t.items() for word in words if word in text.lower()]

    assert found == []


def test_chinese_is_the_language_of_whoever_asks_for_none() -> None:
    assert [chosen_language(wish) for wish in (None, "", "fr", "en", "zh")] == [
        "zh",
        "zh",
        "zh",
        "en",
        "zh",
    ]


def test_a_code_nobody_translated_is_shown_as_the_service_wrote_it() -> None:
    t = Translator("zh")

    assert t.either("case.source.carrier-pigeon", "carrier-pigeon") == "carrier-pigeon"
