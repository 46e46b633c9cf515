"""Routes of closing: one officer asks, and a second person agrees or says no."""

from typing import Any
from uuid import UUID

from services.booking.cases.calls import CASE, KNOWN, caller_of
from services.booking.cases.errors import (
    AttemptsMissing,
    CloseNotRequested,
    NoDrill,
    NotContactedYet,
    SecondPersonNeeded,
)
from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.reading import show_case
from services.booking.cases.schemas import CaseSchema, CloseSchema, NoteSchema
from services.booking.cases.usecases.close_case import (
    AnswerClose,
    RequestClose,
    answer_close,
    request_close,
)
from services.booking.wiring import (
    BookingUnitOfWork,
    BookingUnitOfWorkProvider,
    CrisisPolicyProvider,
)
from services.chassis.http import Request, http


class CaseClosingEntrypoints:
    """No case is closed by one person alone."""

    uow: BookingUnitOfWork = BookingUnitOfWorkProvider()
    crisis_policy: CrisisPolicy = CrisisPolicyProvider()

    @http(
        "POST",
        f"{CASE}/close",
        action="case.act",
        body=CloseSchema,
        answer=CaseSchema,
        errors=(*KNOWN, NotContactedYet, AttemptsMissing, NoDrill),
        summary="Ask to close the case; another person has to confirm",
    )
    def request_close(self, request: Request, case_id: UUID) -> dict[str, Any]:
        """The clock goes on until somebody else agrees."""
        command = RequestClose(case=case_id, **caller_of(request), **request.data)
        request_close(command, uow=self.uow, policy=self.crisis_policy)
        return show_case(case_id, uow=self.uow)

    @http(
        "POST",
        f"{CASE}/confirm-close",
        action="case.confirm-close",
        body=NoteSchema,
        answer=CaseSchema,
        errors=(*KNOWN, CloseNotRequested, SecondPersonNeeded),
        summary="Agree, as a second person, that the case is over",
    )
    def confirm_close(self, request: Request, case_id: UUID) -> dict[str, Any]:
        """Four eyes."""
        return self._answer_close(request, case_id, agreed=True)

    @http(
        "POST",
        f"{CASE}/refuse-close",
        action="case.confirm-close",
        body=NoteSchema,
        answer=CaseSchema,
        errors=(*KNOWN, CloseNotRequested),
        summary="Say that the case is not over",
    )
    def refuse_close(self, request: Request, case_id: UUID) -> dict[str, Any]:
        """The clock goes on as before."""
        return self._answer_close(request, case_id, agreed=False)

    def _answer_close(self, request: Request, case_id: UUID, *, agreed: bool) -> dict[str, Any]:
        command = AnswerClose(
            case=case_id, by=request.principal.person, agreed=agreed, note=request.data["note"]
        )
        answer_close(command, uow=self.uow, policy=self.crisis_policy)
        return show_case(case_id, uow=self.uow)
