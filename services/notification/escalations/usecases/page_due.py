"""Page whoever is due, and set the timer for the next."""

from uuid import UUID

from services.notification.delivery.domain import Claim
from services.notification.escalations.domain import Escalation
from services.notification.escalations.paging import page_rungs
from services.notification.escalations.ports import PagingPolicy
from services.notification.escalations.publishing import tell
from services.notification.ports import NotificationWork

TIMER = "escalation"


def page_due(escalation: Escalation, policy: PagingPolicy, uow: NotificationWork) -> list[Claim]:
    """Part of a larger use case, which commits."""
    due = escalation.page_due(uow.now(), policy.repeat)
    claims = page_rungs(escalation, due, policy, uow)
    if escalation.open:
        payload = {"case": str(escalation.case)}
        uow.timers.set(TIMER, str(escalation.case), escalation.next_at(policy.repeat), payload)
    else:
        uow.timers.cancel(TIMER, str(escalation.case))
    uow.escalations.save(escalation)
    tell(escalation, uow)
    return claims


def continue_escalation(case: UUID, *, policy: PagingPolicy, uow: NotificationWork) -> list[Claim]:
    """The escalation's timer went off."""
    claims: list[Claim] = []
    with uow:
        escalation = uow.escalations.of_case(case)
        if escalation is not None and escalation.open:
            claims = page_due(escalation, policy, uow)
        uow.commit()
    return claims
