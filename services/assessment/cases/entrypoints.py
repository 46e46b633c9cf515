"""Hears from booking that a case is over."""

from services.assessment.cases.usecases import close_case
from services.assessment.ports import Work
from services.assessment.wiring import AssessmentUnitOfWorkProvider
from services.chassis.subscribe import subscribe
from services.contracts.booking import CaseClosedV1
from services.contracts.envelope import Envelope


class CaseEntrypoints:
    """What happens to a case elsewhere."""

    uow: Work = AssessmentUnitOfWorkProvider()

    @subscribe("assessment.case-closed")
    def on_case_closed(self, event: Envelope) -> None:
        """The person's next crisis opens a new case."""
        closed = event.data
        if isinstance(closed, CaseClosedV1):
            close_case(closed.case, event.time, uow=self.uow)
