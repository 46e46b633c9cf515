"""A person begins to answer page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.assessment.consent.domain import require
from services.assessment.consent.usecases import agree
from services.assessment.materials import Materials
from services.assessment.ports import Work
from services.assessment.responses.domain import edition_of
from services.assessment.sittings.domain import Sitting
from services.chassis.access import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class StartSitting:
    """Which scale, and that its wording was agreed to."""

    sitting: UUID
    by: Principal
    instrument: str
    consent: Mapping[str, Any] | None
    campaign: UUID | None = None


def start_sitting(command: StartSitting, *, uow: Work, materials: Materials) -> Sitting:
    """Raises UnknownInstrument, or ConsentRequired."""
    edition = edition_of(materials.catalogue, command.instrument)
    require(materials.consent.screening, command.consent)
    sitting = Sitting(
        id=command.sitting,
        person=command.by.person,
        instrument=edition.instrument.id,
        version=edition.instrument.version,
        campaign=command.campaign,
    )
    with uow:
        agree(materials.consent.screening, by=command.by, uow=uow)
        uow.sittings.add(sitting)
        uow.commit()
    return sitting
