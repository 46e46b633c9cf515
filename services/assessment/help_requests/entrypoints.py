"""Routes of help requests: asking, for everybody; reading, for the duty."""

from typing import Any
from uuid import UUID, uuid4

from services.assessment.cases.domain import NotKept
from services.assessment.help_requests.domain import CaseNotFound, HelpRequest, read_words
from services.assessment.help_requests.schemas import (
    HelpAnswerSchema,
    HelpRequestSchema,
    ReasonQuery,
    ReceivedPageSchema,
)
from services.assessment.help_requests.usecases import ask_for_help, read_help_requests
from services.assessment.language import language_of
from services.assessment.materials import Materials
from services.assessment.ports import Alarm, Work
from services.assessment.settings import AssessmentSettings
from services.assessment.support.entrypoint import supported_http
from services.assessment.wiring import (
    AlarmProvider,
    AssessmentUnitOfWorkProvider,
    MaterialsProvider,
)
from services.chassis.container import SettingsProvider
from services.chassis.http import Request, http
from services.chassis.request import MalformedJson


class HelpRequestEntrypoints:
    """«I need help now»."""

    uow: Work = AssessmentUnitOfWorkProvider()
    materials: Materials = MaterialsProvider()
    alarm: Alarm = AlarmProvider()
    configured: AssessmentSettings = SettingsProvider()

    @supported_http(
        "POST",
        "/api/assessment/v1/help-requests",
        action=None,
        pool="crisis",
        idempotent=False,  # a used key must not refuse anybody; repeats join their case
        documents=HelpRequestSchema,
        answer=HelpAnswerSchema,
        status=201,
        summary="I need help now (no sign-in)",
        errors=(NotKept,),
    )
    def ask_for_help(self, request: Request) -> dict[str, Any]:
        """A body that cannot be read is as good as none: the press of the button counts."""
        asked = HelpRequest(
            id=uuid4(),
            case=uuid4(),
            by=request.principal_or_none,
            address=request.remote_addr,
            **read_words(_document(request)),
        )
        case = ask_for_help(
            asked,
            uow=self.uow,
            alarm=self.alarm,
            policy=self.materials.policy,
            grouped=self.configured.help_grouped,
        )
        support = self.materials.support.within(language_of(request))
        return {"id": asked.id, "case": case, "support": support}

    @http(
        "GET",
        "/api/assessment/v1/cases/<uuid:case>/help-requests",
        action="help-request.read",
        pool="crisis",
        query=ReasonQuery,
        answer=ReceivedPageSchema,
        summary="What callers left under a case",
        errors=(CaseNotFound,),
    )
    def read_help_requests(self, request: Request, case: UUID) -> dict[str, Any]:
        """For the call back; each reading is audited."""
        found = read_help_requests(case, reason=request.query["reason"], uow=self.uow)
        return {"items": found, "next": None}


def _document(request: Request) -> object:
    try:
        return request.json()
    except MalformedJson:
        return None
