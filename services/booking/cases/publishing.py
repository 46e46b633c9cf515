"""What the world hears of a case; a page carries the officers on duty, in order, with times."""

from datetime import timedelta

from services.booking.cases.domain import Case
from services.booking.cases.events import (
    Acknowledged,
    CaseEvent,
    Closed,
    Contacted,
    Escalated,
    FollowedUp,
    Opened,
    Overdue,
    Planned,
    Referred,
)
from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.ports import CaseWork
from services.booking.rosters.chain import chain_for
from services.contracts.booking import (
    CaseAcknowledgedV1,
    CaseClosedV1,
    CaseContactedV1,
    CaseEscalatedV1,
    CaseFollowedUpV1,
    CaseOpenedV1,
    CaseOverdueV1,
    CasePlannedV1,
    CaseReferredV1,
    PageStep,
)
from services.contracts.event import IntegrationEvent

Chain = tuple[PageStep, ...]


def publish_changes(work: CaseWork, case: Case, policy: CrisisPolicy) -> None:
    """Everything that happened to the case in this transaction."""
    for event in case.happened:
        urgent = case.crisis and isinstance(
            event, Opened | Overdue | Escalated | Acknowledged | Contacted | Closed
        )
        work.publish(_translate(work, case, event, policy), unit=case.unit, urgent=urgent)
    case.happened.clear()


def chain_of(work: CaseWork, case: Case, policy: CrisisPolicy) -> Chain:
    """Whom to page now and later, read off the roster; empty where nobody is rostered."""
    now, marks = work.now(), policy.paging.marks()
    since = case.paging_since or now
    shifts = work.rosters.between(now, max(now, since + marks[-1]) + timedelta(minutes=1))
    pages = chain_for(shifts, unit=case.unit, since=since, now=now, marks=marks)
    return tuple(PageStep(officer=p.officer, tier=p.tier, due_at=p.due_at) for p in pages)


def _translate(
    work: CaseWork, case: Case, event: CaseEvent, policy: CrisisPolicy
) -> IntegrationEvent:
    match event:
        case Opened(reopened):
            return _opened(case, reopened, chain_of(work, case, policy) if case.crisis else None)
        case Overdue(reason, paged):
            return _overdue(case, reason, chain_of(work, case, policy) if paged else None)
        case Escalated(tier, reason):
            return _escalated(case, tier, reason, chain_of(work, case, policy))
        case Acknowledged(officer, seconds):
            return CaseAcknowledgedV1(
                case=case.id,
                person=case.person,
                drill=case.drill,
                officer=officer,
                seconds=seconds,
            )
        case Contacted(officer, reached, seconds):
            return CaseContactedV1(
                case=case.id,
                person=case.person,
                drill=case.drill,
                officer=officer,
                reached=reached,
                seconds=seconds,
            )
        case _:
            return _later_step(case, event)


def _opened(case: Case, reopened: bool, chain: Chain | None) -> CaseOpenedV1:
    return CaseOpenedV1(
        case=case.id,
        person=case.person,
        drill=case.drill,
        crisis=case.crisis,
        source=case.source,
        acute=case.acute,
        reopened=reopened,
        chain=chain or (),
        fallback=chain == (),
    )


def _overdue(case: Case, reason: str, chain: Chain | None) -> CaseOverdueV1:
    return CaseOverdueV1(
        case=case.id,
        person=case.person,
        drill=case.drill,
        reason=reason,
        chain=chain or (),
        fallback=chain == (),
    )


def _escalated(case: Case, tier: int, reason: str, chain: Chain) -> CaseEscalatedV1:
    return CaseEscalatedV1(
        case=case.id,
        person=case.person,
        drill=case.drill,
        tier=tier,
        reason=reason,
        chain=chain,
        fallback=not chain,
    )


def _later_step(case: Case, event: CaseEvent) -> IntegrationEvent:
    match event:
        case Planned(responsible):
            return CasePlannedV1(
                case=case.id, person=case.person, drill=case.drill, responsible=responsible
            )
        case FollowedUp(officer):
            return CaseFollowedUpV1(
                case=case.id, person=case.person, drill=case.drill, officer=officer
            )
        case Referred():
            return CaseReferredV1(case=case.id, person=case.person, drill=case.drill)
        case Closed():
            return CaseClosedV1(case=case.id, person=case.person, drill=case.drill)
        case _:
            raise TypeError(event)
