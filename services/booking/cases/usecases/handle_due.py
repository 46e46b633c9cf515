"""The time of a case has come: escalate, page again or remind; no lost timer hides a late one."""

from datetime import timedelta
from uuid import UUID

from services.booking.cases.domain import Case
from services.booking.cases.keeping import keep
from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.ports import CaseWork

GRACE = timedelta(seconds=30)
BATCH = 100


def handle_due(case_id: UUID, *, uow: CaseWork, policy: CrisisPolicy) -> bool:
    """Whether something was late; a timer that is older than the case's clock is only set anew."""
    with uow:
        case = uow.cases.find(case_id)
        late = case is not None and _miss(case, uow, policy)
        uow.commit()
    return late


def _miss(case: Case, uow: CaseWork, policy: CrisisPolicy) -> bool:
    uow.follow(case.correlation_id)
    case.miss(uow.now(), policy)
    late = bool(case.happened)
    keep(uow, case, policy)
    return late


def find_late(*, uow: CaseWork) -> list[UUID]:
    """Open cases that are late although every timer had time to fire: their timers are lost."""
    with uow:
        return list(uow.cases.late(uow.now() - GRACE, BATCH))
