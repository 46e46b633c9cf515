"""The common end of both ways to answer: score an accepted sheet and keep it."""

from dataclasses import dataclass, replace
from uuid import UUID

from services.assessment.care.definition import CarePolicy
from services.assessment.care.levels import assess
from services.assessment.consent.publishing import consent_granted
from services.assessment.consent.texts import Purpose
from services.assessment.instruments.catalogue import Edition
from services.assessment.ports import Work
from services.assessment.responses.domain import Response, result_of
from services.assessment.responses.publishing import response_completed
from services.assessment.scoring.answers import Answers
from services.chassis.access import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Accepted answers on their way to a result; `agreeing`: with the consent sent along."""

    response: UUID
    by: Principal
    edition: Edition
    answers: Answers
    campaign: UUID | None
    elapsed_seconds: int | None
    case: UUID | None
    agreeing: Purpose | None = None


def keep_response(sheet: Sheet, *, uow: Work, policy: CarePolicy) -> Response:
    """Inside an open unit of work: the sealed row and the event."""
    assessment = assess(sheet.edition.instrument, policy, sheet.answers)
    response = Response(
        id=sheet.response,
        person=sheet.by.person,
        pins={**sheet.edition.pins, "policy": policy.pin},
        campaign=sheet.campaign,
        result=result_of(
            sheet.edition,
            sheet.answers,
            assessment,
            elapsed_seconds=sheet.elapsed_seconds,
            case=sheet.case,
        ),
    )
    kept = uow.responses.add(response, sheet.agreeing)
    if sheet.agreeing and kept.newly_agreed:
        uow.publish(consent_granted(sheet.by.person, sheet.agreeing), unit=sheet.by.unit)
    uow.publish(response_completed(response, policy), unit=sheet.by.unit)
    return replace(response, completed_at=kept.completed_at)
