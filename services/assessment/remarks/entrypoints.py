"""Routes of remarks: the person's own, to their own results."""

from typing import Any
from uuid import UUID

from services.assessment.ports import Work
from services.assessment.remarks.domain import RemarkNotFound, Said
from services.assessment.remarks.schemas import RemarkSchema, WriteRemarkSchema
from services.assessment.remarks.usecases import delete_remark, write_remark
from services.assessment.remarks.views import told
from services.assessment.responses.domain import ResponseNotFound
from services.assessment.responses.entrypoints import PATH
from services.assessment.support.entrypoint import supported_http
from services.assessment.wiring import AssessmentUnitOfWorkProvider
from services.chassis.http import Request

REMARK = f"{PATH}/<uuid:response_id>/remark"


class RemarkEntrypoints:
    """A result stays as it is; what the person says stands beside it."""

    uow: Work = AssessmentUnitOfWorkProvider()

    @supported_http(
        "PUT",
        REMARK,
        action="response.read",
        body=WriteRemarkSchema,
        answer=RemarkSchema,
        summary="Say whether one's own result fits, or add something to it",
        errors=(ResponseNotFound,),
    )
    def write_remark(self, request: Request, response_id: UUID) -> dict[str, Any]:
        """In the place of an earlier one."""
        said = Said(agrees=request.data["agrees"], text=request.data["text"].strip())
        person = request.principal.person
        return told(write_remark(response_id, person, said, uow=self.uow))

    @supported_http(
        "DELETE",
        REMARK,
        action="response.read",
        status=204,
        summary="Take one's remark back",
        errors=(ResponseNotFound, RemarkNotFound),
    )
    def delete_remark(self, request: Request, response_id: UUID) -> None:
        """It is gone, and not kept anywhere."""
        delete_remark(response_id, request.principal.person, uow=self.uow)
