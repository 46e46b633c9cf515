"""A sitting is handed in and becomes a response."""

from dataclasses import dataclass
from uuid import UUID

from services.assessment.materials import Materials
from services.assessment.ports import Work
from services.assessment.responses.domain import Response, edition_of, refuse
from services.assessment.responses.usecases.keep_response import Sheet, keep_response
from services.assessment.scoring.answers import problems_of
from services.chassis.access import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitSitting:
    """Which sitting, by whom; `response` is the id its result will have."""

    sitting: UUID
    response: UUID
    by: Principal
    elapsed_seconds: int | None = None


def submit_sitting(command: SubmitSitting, *, uow: Work, materials: Materials) -> Response:
    """Raises SittingNotFound, SittingSubmitted, InstrumentChanged, AnswersRefused."""
    with uow:
        sitting = uow.sittings.get(command.sitting, command.by.person)
        edition = edition_of(materials.catalogue, sitting.instrument)
        sitting.check_open(edition.instrument.version)
        refuse(problems_of(edition.instrument, sitting.answers))
        sheet = Sheet(
            response=command.response,
            by=command.by,
            edition=edition,
            answers=sitting.answers,
            campaign=sitting.campaign,
            elapsed_seconds=command.elapsed_seconds,
            case=sitting.case,
        )
        response = keep_response(sheet, uow=uow, policy=materials.policy)
        uow.sittings.save(sitting.submitted(response.id))
        uow.commit()
    return response
