"""What an import has to be, whatever file it comes from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import msgspec

from services.assessment.care.definition import CarePolicy
from services.assessment.care.reading import misfits
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
    definition: Mapping[str, object],
    present: Instrument | None,
    right: Right,
    policy: CarePolicy,
) -> Instrument:
    """The instrument as it will be asked; raises UnusableDefinition, VersionNotNewer.

    What is critical in the version in use stays so, and nothing critical is left without a
    consequence: an import may change words, never who is heard.
    """
    instrument = _read(definition, right)
    faults = [*misfits(policy, instrument), *_unheard(present, instrument)]
    if faults:
        raise UnusableDefinition("; ".join(faults))
    if present is not None and instrument.number <= present.number:
        raise VersionNotNewer(f"{instrument.id} is in use as version {present.version}")
    return instrument


def _read(definition: Mapping[str, object], right: Right) -> Instrument:
    try:
        read = msgspec.convert(dict(definition), Instrument)
        licence = msgspec.structs.replace(read.licence, ship="imported", status=right.statement)
        instrument = msgspec.structs.replace(read, licence=licence)
        check(instrument)
    except (msgspec.ValidationError, InvalidInstrument) as error:
        raise UnusableDefinition(str(error)) from error
    return instrument


def _unheard(present: Instrument | None, instrument: Instrument) -> Iterator[str]:
    for wanted in present.critical if present else ():
        heard = (
            each.item == wanted.item
            and each.flag == wanted.flag
            and each.at_least <= wanted.at_least
            for each in instrument.critical
        )
        if not any(heard):
            yield f"{wanted.item} has to stay critical from {wanted.at_least} on: {wanted.flag}"


def next_version(instrument: Instrument) -> str:
    """Where a file brings words only: the same instrument, one step on."""
    major, minor, _ = instrument.number
    return f"{major}.{minor + 1}.0"
