"""An officer takes a case."""

from dataclasses import dataclass
from uuid import UUID

from services.booking.cases.keeping import case_in_reach, keep
from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.ports import CaseWork


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeCase:
    """`in_care_only`: the officer reaches only cases of people in their care."""

    case: UUID
    by: UUID
    in_care_only: bool = False


def acknowledge_case(command: AcknowledgeCase, *, uow: CaseWork, policy: CrisisPolicy) -> None:
    """Stops the paging; raises NoSuchCase, CaseIsClosed or CaseAlreadyAcknowledged."""
    with uow:
        case = case_in_reach(uow, command.case, command.by, in_care_only=command.in_care_only)
        case.acknowledge(command.by, uow.now(), policy)
        keep(uow, case, policy)
        uow.commit()
