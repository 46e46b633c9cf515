"""A whole sheet of answers at once: checked, scored, kept sealed, and told to the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.assessment.consent.domain import require
from services.assessment.materials import Materials
from services.assessment.ports import Work
from services.assessment.responses.domain import Response, edition_of, refuse
from services.assessment.responses.usecases.keep_response import Sheet, keep_response
from services.assessment.scoring.answers import problems_of
from services.chassis.access import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitResponse:
    """What came in, of the right shape; `case` was opened already if an answer was critical."""

    response: UUID
    by: Principal
    instrument: str
    answers: Mapping[str, Any]
    consent: Mapping[str, Any] | None
    campaign: UUID | None = None
    elapsed_seconds: int | None = None
    case: UUID | None = None


def submit_response(command: SubmitResponse, *, uow: Work, materials: Materials) -> Response:
    """Raises UnknownInstrument, ConsentRequired, or AnswersRefused naming each bad answer."""
    edition = edition_of(materials.catalogue, command.instrument)
    require(materials.consent.screening, command.consent)
    refuse(problems_of(edition.instrument, command.answers))
    sheet = Sheet(
        response=command.response,
        by=command.by,
        edition=edition,
        answers=command.answers,
        campaign=command.campaign,
        elapsed_seconds=command.elapsed_seconds,
        case=command.case,
        agreeing=materials.consent.screening,
    )
    with uow:
        response = keep_response(sheet, uow=uow, policy=materials.policy)
        uow.commit()
    return response
