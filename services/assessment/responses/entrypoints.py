"""Routes of responses: answer a scale, read one's own results."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from marshmallow import RAISE

from services.assessment.cases.domain import NotKept
from services.assessment.cases.usecases import flag_document
from services.assessment.consent.domain import ConsentRequired
from services.assessment.language import language_of
from services.assessment.materials import Materials
from services.assessment.ports import Alarm, Work
from services.assessment.refusals import tell_of
from services.assessment.remarks.views import told
from services.assessment.responses.domain import (
    AnswersRefused,
    ResponseNotFound,
    UnknownInstrument,
)
from services.assessment.responses.schemas import (
    AnswerSchema,
    AnswerSheetSchema,
    ResponsesQuery,
    ResultPageSchema,
    ResultSchema,
)
from services.assessment.responses.usecases.read_responses import read_response, read_responses
from services.assessment.responses.usecases.submit_response import SubmitResponse, submit_response
from services.assessment.responses.views import answer_of, explained, listed
from services.assessment.support.entrypoint import supported_http
from services.assessment.wiring import (
    RESPONSES,
    AlarmProvider,
    AssessmentUnitOfWorkProvider,
    MaterialsProvider,
)
from services.chassis.http import Request, Response, json_response
from services.chassis.paging import decode_cursor, page
from services.chassis.request import load
from services.contracts.assessment import FlagSource

PATH = "/api/assessment/v1/responses"
ANSWER_SHEET = AnswerSheetSchema(unknown=RAISE)


class ResponseEntrypoints:
    """Answers in one go, and results."""

    uow: Work = AssessmentUnitOfWorkProvider()
    materials: Materials = MaterialsProvider()
    alarm: Alarm = AlarmProvider()

    @supported_http(
        "POST",
        PATH,
        action="response.submit",
        documents=AnswerSheetSchema,
        answer=AnswerSchema,
        status=201,
        summary="Answer a scale",
        hears=FlagSource.RESPONSE,
        errors=(UnknownInstrument, AnswersRefused, ConsentRequired, NotKept),
    )
    def submit_response(self, request: Request) -> Response:
        """A critical answer opens its case before anything else is looked at."""
        document = request.json()
        case = flag_document(
            document,
            by=request.principal,
            source=FlagSource.RESPONSE,
            uow=self.uow,
            materials=self.materials,
            alarm=self.alarm,
        )
        tell_of(case, request)
        given = load(ANSWER_SHEET, document)
        command = SubmitResponse(response=uuid4(), by=request.principal, case=case, **given)
        response = submit_response(command, uow=self.uow, materials=self.materials)
        RESPONSES.labels(response.instrument).inc()
        return json_response(answer_of(response, self.materials, language_of(request)), 201)

    @supported_http(
        "GET",
        PATH,
        action="response.read",
        query=ResponsesQuery,
        answer=ResultPageSchema,
        summary="One's own results, newest first",
    )
    def list_responses(self, request: Request) -> dict[str, Any]:
        """For the trend."""
        query = request.query
        cursor = decode_cursor(query["cursor"], (datetime, UUID))
        rows = read_responses(
            request.principal.person,
            instrument=query["instrument"],
            before=(cursor[0], cursor[1]) if cursor else None,
            limit=query["limit"] + 1,
            uow=self.uow,
        )
        items = [listed(row, self.materials) for row in rows]
        return page(rows, query["limit"], lambda row: (row.completed_at, row.id), items)

    @supported_http(
        "GET",
        f"{PATH}/<uuid:response_id>",
        action="response.read",
        answer=ResultSchema,
        summary="One's own result, explained",
        errors=(ResponseNotFound,),
    )
    def get_response(self, request: Request, response_id: UUID) -> dict[str, Any]:
        """The person's own only; else 404."""
        response, remark = read_response(response_id, request.principal.person, uow=self.uow)
        shown = explained(response, self.materials, language_of(request))
        return {**shown, "remark": told(remark) if remark else None}
