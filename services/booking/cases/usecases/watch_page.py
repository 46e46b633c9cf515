"""Every page has to leave within seconds: who hears nothing of it pages again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.booking.cases.domain import Case
from services.booking.cases.keeping import PAGE_WATCH, keep
from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.ports import CaseWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPage:
    """A message that carries the case was sent to somebody."""

    case: UUID
    person: UUID | None


def confirm_page(command: ConfirmPage, *, uow: CaseWork) -> datetime | None:
    """A page left (to an officer or to the fallback contact), so the watch ends.

    When the signal came that this page is the first answer to; None, where it is not.
    """
    signal: datetime | None = None
    with uow:
        case = uow.cases.find(command.case)
        if case is not None and not _to_the_worker(command, case):
            if case.page_confirmed(uow.now()):
                signal = uow.cases.last_signal(case.id)
            uow.cases.save(case)
            uow.timers.cancel(PAGE_WATCH, str(case.id))
        uow.commit()
    return signal


def _to_the_worker(command: ConfirmPage, case: Case) -> bool:
    return command.person is not None and command.person == case.person


def page_again(case_id: UUID, attempt: int, *, uow: CaseWork, policy: CrisisPolicy) -> bool:
    """No page has left: page with the roster as it is now. Whether it was still needed."""
    with uow:
        case = uow.cases.find(case_id)
        needed = case is not None and case.is_paging
        if case is not None and needed:
            uow.follow(case.correlation_id)
            case.page_unconfirmed(uow.now())
            keep(uow, case, policy, watch=attempt + 1)
        uow.commit()
    return needed
