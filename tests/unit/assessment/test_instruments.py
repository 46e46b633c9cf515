"""The data files: complete, to the letter, and refused where they contradict themselves."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from services.assessment.instruments import catalogue
from services.assessment.instruments.catalogue import (
    DATA,
    Catalogue,
    InstrumentNotFound,
    json_schema,
    read_catalogue,
    read_instrument,
)
from services.assessment.instruments.checks import InvalidInstrument
from services.assessment.instruments.definition import Instrument
from tests.unit.assessment.builders import CATALOGUE, GAD7, PHQ9

WORDING = {
    "asq": "21f9255f18c7a4f7f882f596b14f5d68403f1e31d8911f349045a19cd8cb3140",
    "cbi": "eedf682adf32b3e5de4087d60336587bdee1590ded94d20fb43195102c96df10",
    "cesd": "a56ddc8546444d12ea01c4beee6d2ffebe9f7f6e8bf6de79a2d797e0e2fe0924",
    "gad2": "b7fa935ee375b1603be651bde1080fb14f019ea21ae4591e77442cacf4fca20b",
    "gad7": "cf2b04ddaf29675f0e93d81bea8504e14958a6c46343845e9c61f726430a81a4",
    "k10": "9c9687a21557de803f5376afe7cb6697028357070be44317ffb04720b6a3f26f",
    "k6": "4213fea1370a18d0812606bb27fd179c60685a808748391409044d3fb5a546c0",
    "mhi5": "0c1af8f1bc1bd9070709d63c401e69b66b9f294fd88ff890500d2932b49b2214",
    "pcl5": "07245d9504948f449ec8041af8a05b4a346514b0d029eb1e090cb6151c602b16",
    "pcptsd5": "88088feed14ec9dd0ee67b7013e45c7e0928c0aef33769129ea2d5c480921a1b",
    "phq15": "c56d1f6a8b92d06fa1e22bf13474a13ecfae5eb512d3bc813b2b97a09aac0b58",
    "phq2": "ff7ae25c56928e975c2ecb3a7602c89896c9c41a74a9babf260498bc9b009eec",
    "phq4": "b609be063ed8b76650ac6c32132675077c0f84c953881c239954a1a422c57e8e",
    "phq9": "c9cabb243e342c3aac3980266f4c5dd7250469b35ef1e65ed6b25df4561b5c5f",
}


def test_the_published_schema_is_the_one_the_files_are_read_by() -> None:
    published = json.loads((DATA.parent / "instrument.schema.json").read_text())

    assert published == json.loads(json.dumps(json_schema()))
    for path in DATA.glob("*.json"):
        jsonschema.validate(json.loads(path.read_text()), published)


@pytest.mark.parametrize(("name", "digest"), WORDING.items())
def test_the_wording_has_not_changed_unnoticed(name: str, digest: str) -> None:
    """The wording is the measuring instrument: who changes it changes this digest too."""
    assert CATALOGUE.get(name).pins["text"] == digest


@pytest.mark.parametrize(("instrument", "items"), [(PHQ9, 9), (GAD7, 7)])
def test_every_question_and_answer_has_both_languages_and_a_loinc_code(
    instrument: Any, items: int
) -> None:
    required = [item for item in instrument.items if item.required]

    assert [item.link_id for item in required] == [f"q{n}" for n in range(1, items + 1)]
    for item in required:
        assert item.loinc
        for language in ("zh", "en"):
            assert item.text.within(language)
            options = instrument.options[item.options]
            assert all(option.text.within(language) and option.loinc for option in options)


def test_the_zero_of_gad7_is_not_at_all() -> None:
    assert GAD7.options["frequency"][0].text.en == "Not at all"


def test_pins_change_with_the_wording_and_with_the_scoring() -> None:
    before = catalogue.Edition(PHQ9).pins
    reworded = msgspec.structs.replace(PHQ9, items=PHQ9.items[:-1])
    rescored = msgspec.structs.replace(PHQ9, scores=PHQ9.scores[:1])

    assert catalogue.Edition(PHQ9).pins == before
    assert catalogue.Edition(reworded).pins["text"] != before["text"]
    assert catalogue.Edition(rescored).pins["scoring"] != before["scoring"]
    assert catalogue.Edition(rescored).pins["text"] == before["text"]


def test_an_instrument_that_is_not_there_is_not_found() -> None:
    assert CATALOGUE.find(["phq9"]) is None
    with pytest.raises(InstrumentNotFound):
        CATALOGUE.get("mmpi")


def _change(document: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for step in parents:
        document = document[int(step) if step.isdigit() else step]
    if isinstance(document, list):
        document[int(last)] = value
    else:
        document[last] = value


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("id", "phq", "phq9.json defines phq"),
        ("surprise", 1, "unknown field"),
        ("version", "1", "regex"),
        ("items.0.link_id", "q2", "item q2 twice"),
        ("items.0.options", "often", "unknown options often"),
        ("items.0.text", None, "q1 has no wording"),
        ("options.frequency.1.score", 0, "share a code"),
        ("licence.ship", "scoring-only", "wording that may not ship"),
        ("main", "symptoms", "main score symptoms"),
        ("critical.0.item", "q10", "critical item q10"),
        ("critical.0.at_least", 0, "critical item q9"),
        ("critical.0.at_least", 4, "critical item q9"),
        ("scores.0.items.0", "q0", "unknown item q0"),
        ("scores.0.missing.never.0", "q0", "unknown item q0"),
        ("scores.0.band_set", "other", "unknown band set other"),
        ("scores.0.band_sets.published.bands.0.from", 1, "does not start where the score does"),
        ("scores.0.band_sets.published.bands.2.from", 5, "out of order"),
        ("scores.0.band_sets.published.bands.4.from", 28, "out of range"),
        (
            "scores.1",
            {
                "id": "double",
                "method": "linear",
                "title": {},
                "range": [0, 54],
                "of": "later",
                "times": 2,
            },
            "made of later",
        ),
    ],
)
def test_a_definition_that_contradicts_itself_is_refused(
    tmp_path: Path, path: str, value: Any, said: str
) -> None:
    document = json.loads((DATA / "phq9.json").read_text())
    _change(document, path, value)
    (tmp_path / "phq9.json").write_text(json.dumps(document))

    with pytest.raises(InvalidInstrument, match=said):
        read_instrument(tmp_path / "phq9.json")


def test_an_instrument_is_added_by_a_file_alone(tmp_path: Path) -> None:
    document = json.loads((DATA / "gad7.json").read_text()) | {"id": "mine"}
    (tmp_path / "mine.json").write_text(json.dumps(document))

    assert [edition.instrument.id for edition in read_catalogue(tmp_path)] == ["mine"]


def another(version: str, *, worded: bool = True) -> Instrument:
    """GAD-7 as another version, or without its words."""
    changed = msgspec.structs.replace(GAD7, version=version)
    items = tuple(msgspec.structs.replace(item, text=None) for item in GAD7.items)
    return changed if worded else msgspec.structs.replace(changed, items=items)


@pytest.mark.parametrize(
    ("came", "in_use"),
    [
        (["1.0.0", "1.1.0"], "1.1.0"),
        (["1.10.0", "1.9.0"], "1.10.0"),
        (["1.2.0", "1.1.0", "1.0.0"], "1.2.0"),
    ],
)
def test_the_highest_version_is_in_use_whatever_came_first(came: list[str], in_use: str) -> None:
    known = Catalogue(another(version) for version in came)

    assert known.get("gad7").instrument.version == in_use
    for version in came:
        found = known.measured("gad7", version)
        assert found is not None
        assert found.instrument.version == version


def test_a_higher_version_without_words_does_not_silence_one_that_has_them() -> None:
    known = Catalogue([another("1.1.0"), another("2.0.0", worded=False)])

    assert known.get("gad7").instrument.version == "1.1.0"
