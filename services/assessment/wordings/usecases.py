"""Importing an instrument, or words for one; from then on it is asked."""

from collections.abc import Mapping
from typing import Any

from services.assessment.instruments.definition import Instrument
from services.assessment.materials import Materials
from services.assessment.ports import Work
from services.assessment.wordings.domain import Right, imported


def import_instrument(
    definition: Mapping[str, Any], right: Right, *, materials: Materials, uow: Work
) -> Instrument:
    """Keep it and note who did; raises UnusableDefinition, VersionNotNewer."""
    present = materials.catalogue.newest(str(definition.get("id", "")))
    instrument = imported(definition, present, right, materials.policy)
    with uow:
        uow.wordings.add(instrument, right)
        uow.audit("instrument.import", f"{instrument.id}@{instrument.version}", None)
        uow.commit()
    materials.catalogue.take_in(instrument)
    return instrument
