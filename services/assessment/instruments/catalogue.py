"""The instruments there are: read once from the data files, checked and fingerprinted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import msgspec

from services.assessment.instruments.checks import InvalidInstrument, check
from services.assessment.instruments.definition import Instrument
from services.assessment.instruments.words import Language, Text
from services.assessment.scoring import ENGINE
from services.chassis.errors import NotFound

DATA = Path(__file__).parent / "data"


class InstrumentNotFound(NotFound):
    """There is no instrument of that id here."""

    code = "instrument-not-found"


class State(StrEnum):
    """Whether people can be asked, and what it would take."""

    OFFERED = "offered"
    PACK_OFF = "pack-off"
    WORDING_MISSING = "wording-missing"


@dataclass(frozen=True)
class Edition:
    """An instrument with the fingerprints that each result pins."""

    instrument: Instrument

    @cached_property
    def languages(self) -> tuple[Language, ...]:
        """Those it can be asked in."""
        return self.instrument.languages

    @property
    def state(self) -> State:
        """A pack for non-commercial use is off until its wording is imported."""
        if self.languages:
            return State.OFFERED
        pack = self.instrument.licence.ship == "noncommercial"
        return State.PACK_OFF if pack else State.WORDING_MISSING

    @property
    def rank(self) -> tuple[bool, tuple[int, ...]]:
        """Which of two versions is in use: one that can be asked, then the higher."""
        return self.state is State.OFFERED, self.instrument.number

    @cached_property
    def pins(self) -> dict[str, str]:
        """What the result was measured and scored with; hashes are SHA-256 in hex."""
        instrument, main = self.instrument, self.instrument.main_score
        return {
            "instrument": instrument.id,
            "version": instrument.version,
            "text": _hash(_wording(instrument)),
            "scoring": _hash([instrument.scores, instrument.skips, instrument.critical]),
            "bands": (main.band_set if main else None) or "",
            "engine": ENGINE,
        }


class Catalogue:
    """The editions in use, one an instrument; people are asked those that are offered."""

    def __init__(self, instruments: Iterable[Instrument]) -> None:
        self._editions: dict[str, Edition] = {}
        self._versions: dict[tuple[str, str], Edition] = {}
        for each in instruments:
            self.take_in(each)

    def take_in(self, instrument: Instrument) -> None:
        """In use is the highest version that can be asked, whatever came first; the others stay for
        the results that pin them.
        """
        edition = Edition(instrument)
        self._versions[instrument.id, instrument.version] = edition
        present = self._editions.get(instrument.id)
        if present is None or edition.rank >= present.rank:
            self._editions[instrument.id] = edition

    def measured(self, instrument_id: str, version: str) -> Edition | None:
        """What a result was measured with; where that version has gone, the one in use."""
        found = self._versions.get((instrument_id, version))
        return found or self._editions.get(instrument_id)

    def newest(self, instrument_id: str) -> Instrument | None:
        """The one in use, offered or not."""
        found = self._editions.get(instrument_id)
        return found.instrument if found else None

    def __iter__(self) -> Iterator[Edition]:
        return (each for each in self._editions.values() if each.state is State.OFFERED)

    def every(self) -> Iterator[Edition]:
        """Those that nobody can be asked yet, too."""
        return iter(self._editions.values())

    def edition(self, instrument_id: str) -> Edition:
        """The edition of that id, offered or not; raises InstrumentNotFound."""
        if instrument_id not in self._editions:
            raise InstrumentNotFound
        return self._editions[instrument_id]

    def find(self, instrument_id: object) -> Edition | None:
        """The edition of that id, if it is offered; anything may be asked for."""
        found = self._editions.get(instrument_id) if isinstance(instrument_id, str) else None
        return found if found is not None and found.state is State.OFFERED else None

    def get(self, instrument_id: str) -> Edition:
        """The edition of that id, or InstrumentNotFound."""
        edition = self.find(instrument_id)
        if edition is None:
            raise InstrumentNotFound
        return edition


def read_instrument(path: Path) -> Instrument:
    """Read one definition; InvalidInstrument says what is wrong with it."""
    try:
        instrument = msgspec.json.decode(path.read_bytes(), type=Instrument)
    except msgspec.MsgspecError as error:
        raise InvalidInstrument(f"{path.name}: {error}") from error
    if path.stem != instrument.id:
        raise InvalidInstrument(f"{path.name} defines {instrument.id}")
    check(instrument)
    return instrument


def read_catalogue(folder: Path = DATA) -> Catalogue:
    """Read every definition of a folder."""
    return Catalogue(read_instrument(path) for path in sorted(folder.glob("*.json")))


def json_schema() -> dict[str, object]:
    """The published JSON Schema of the data files."""
    schema = msgspec.json.schema(Instrument)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema


def _wording(instrument: Instrument) -> list[object]:
    """What the person reads, and nothing else: the hash is the same as long as the words are."""
    options = {
        name: [[option.score, option.text.zh, option.text.en] for option in options]
        for name, options in instrument.options.items()
    }
    items = [[item.link_id, item.options, _words(item.text)] for item in instrument.items]
    return [_words(instrument.stem), options, items]


def _words(text: Text | None) -> list[str | None]:
    return [text.zh, text.en] if text else []


def _hash(parts: object) -> str:
    return sha256(msgspec.json.encode(parts, order="deterministic")).hexdigest()
