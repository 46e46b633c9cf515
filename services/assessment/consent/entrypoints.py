"""Routes of consent: see, give, take back; each as easy as the other."""

from typing import Any

from services.assessment.consent.domain import Consent, ConsentNotGiven, ConsentRequired, require
from services.assessment.consent.schemas import ConsentPageSchema, ConsentSchema, GrantSchema
from services.assessment.consent.texts import Purpose, UnknownPurpose
from services.assessment.consent.usecases import grant_consent, read_consents, withdraw_consent
from services.assessment.instruments.words import Language
from services.assessment.language import language_of
from services.assessment.materials import Materials
from services.assessment.ports import Work
from services.assessment.support.entrypoint import supported_http
from services.assessment.wiring import AssessmentUnitOfWorkProvider, MaterialsProvider
from services.chassis.http import Request

PATH = "/api/assessment/v1/consents"


class ConsentEntrypoints:
    """One's own consent."""

    uow: Work = AssessmentUnitOfWorkProvider()
    materials: Materials = MaterialsProvider()

    @supported_http(
        "GET", PATH, action="consent.manage", answer=ConsentPageSchema, summary="One's own consent"
    )
    def list_consents(self, request: Request) -> dict[str, Any]:
        """Every purpose with its wording and what was said to it."""
        given = read_consents(request.principal.person, uow=self.uow)
        items = [
            _shown(purpose, given.get(purpose.id), language_of(request))
            for purpose in self.materials.consent.purposes
        ]
        return {"items": items, "next": None}

    @supported_http(
        "POST",
        PATH,
        action="consent.manage",
        body=GrantSchema,
        answer=ConsentSchema,
        status=201,
        summary="Agree to a purpose",
        errors=(UnknownPurpose, ConsentRequired),
    )
    def grant_consent(self, request: Request) -> dict[str, Any]:
        """To the present wording only."""
        purpose = self.materials.consent.get(request.data["purpose"])
        require(purpose, request.data)
        grant_consent(purpose, by=request.principal, uow=self.uow)
        given = read_consents(request.principal.person, uow=self.uow)
        return _shown(purpose, given.get(purpose.id), language_of(request))

    @supported_http(
        "DELETE",
        f"{PATH}/<purpose_id>",
        action="consent.manage",
        status=204,
        summary="Take an agreement back",
        errors=(ConsentNotGiven,),
    )
    def withdraw_consent(self, request: Request, purpose_id: str) -> None:
        """With effect at once."""
        purpose = self.materials.consent.find(purpose_id)
        if purpose is None:
            raise ConsentNotGiven
        withdraw_consent(purpose, by=request.principal, uow=self.uow)


def _shown(purpose: Purpose, given: Consent | None, language: Language) -> dict[str, Any]:
    state = "none" if given is None else "withdrawn" if given.withdrawn_at else "granted"
    return {
        "purpose": purpose.id,
        "title": purpose.title.within(language),
        "text": purpose.text.within(language),
        "version": purpose.version,
        "required": purpose.required,
        "state": state,
        "agreed_version": given.version if given else None,
        "granted_at": given.granted_at if given else None,
        "withdrawn_at": given.withdrawn_at if given else None,
    }
