"""Importing an instrument, or words for one; from then on it is asked."""

from collections.abc import Mapping
from typing import Any

from services.assessment.instruments.catalogue import Catalogue
from services.assessment.instruments.definition import Instrument
from services.assessment.ports import Work
from services.assessment.wordings.domain import Right, imported


def import_instrument(
    definition: Mapping[str, Any], right: Right, *, catalogue: Catalogue, uow: Work
) -> Instrument:
    """Keep it and note who did; raises UnusableDefinition, VersionNotNewer."""
    present = catalogue.newest(str(definition.get("id", "")))
    instrument = imported(definition, present, right)
    with uow:
        uow.wordings.add(instrument, right)
        uow.audit("instrument.import", f"{instrument.id}@{instrument.version}", None)
        uow.commit()
    catalogue.take_in(instrument)
    return instrument
