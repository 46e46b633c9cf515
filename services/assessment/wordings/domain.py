"""What an import has to be, whatever file it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import msgspec

from services.assessment.instruments.checks import InvalidInstrument, check
from services.assessment.instruments.definition import Instrument
from services.chassis.errors import Conflict, UnprocessableInput


class RightNotConfirmed(UnprocessableInput):
    """Nobody has said that the wording may be used here."""

    code = "right-not-confirmed"
    field: ClassVar[str] = "right.confirmed"
    title = "expected true: whoever imports an instrument answers for the right to its wording"


class UnusableDefinition(UnprocessableInput):
    """The file is no instrument, or contradicts itself."""

    code = "unusable-definition"
    field: ClassVar[str] = "definition"
    title = "This is no instrument that can be asked and scored"


class VersionNotNewer(Conflict):
    """Results pin versions, so a version says the same for ever."""

    code = "version-not-newer"
    title = "An import needs a version above the one in use"


@dataclass(frozen=True, slots=True)
class Right:
    """Who says by what right the wording is used here."""

    statement: str
    by: UUID


def imported(
    definition: Mapping[str, object], present: Instrument | None, right: Right
) -> Instrument:
    """The instrument as it will be asked; raises UnusableDefinition, VersionNotNewer."""
    try:
        instrument = msgspec.convert(dict(definition), Instrument)
        licence = msgspec.structs.replace(
            instrument.licence, ship="imported", status=right.statement
        )
        instrument = msgspec.structs.replace(instrument, licence=licence)
        check(instrument)
    except (msgspec.ValidationError, InvalidInstrument) as error:
        raise UnusableDefinition(str(error)) from error
    if present is not None and _number(instrument.version) <= _number(present.version):
        raise VersionNotNewer(f"{instrument.id} is in use as version {present.version}")
    return instrument


def next_version(instrument: Instrument) -> str:
    """Where a file brings words only: the same instrument, one step on."""
    major, minor, _ = _number(instrument.version)
    return f"{major}.{minor + 1}.0"


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
