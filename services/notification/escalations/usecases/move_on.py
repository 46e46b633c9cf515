"""Paging moves up before its time: a tier failed its limit, or a page reached nobody."""

from collections.abc import Callable, Sequence
from uuid import UUID, uuid4

from services.notification.delivery.domain import Claim
from services.notification.escalations.domain import Escalation, HandUp, Rung
from services.notification.escalations.ports import PagingPolicy
from services.notification.escalations.usecases.page_due import page_due
from services.notification.ports import NotificationWork


def hand_up(
    case: UUID,
    sequence: int,
    tier: int,
    *,
    chain: Sequence[Rung] = (),
    fallback: bool = False,
    policy: PagingPolicy,
    uow: NotificationWork,
) -> list[Claim]:
    """The case was escalated: the named tier is paged now, off the roster of this moment."""
    to = HandUp(chain, fallback, policy.repeat)

    def change(escalation: Escalation) -> bool:
        if not escalation.is_news(sequence):
            return False
        escalation.hand_up(uuid4(), tier, to, uow.now())
        return True

    return _change(case, change, policy, uow)


def officer_unreachable(
    case: UUID, officer: UUID | None, *, policy: PagingPolicy, uow: NotificationWork
) -> list[Claim]:
    """A page could not be delivered: the next officer does not wait for the clock."""

    def change(escalation: Escalation) -> bool:
        if not escalation.open:
            return False
        escalation.unreachable(officer, uow.now())
        return True

    return _change(case, change, policy, uow)


def _change(
    case: UUID,
    change: Callable[[Escalation], bool],
    policy: PagingPolicy,
    uow: NotificationWork,
) -> list[Claim]:
    claims: list[Claim] = []
    with uow:
        escalation = uow.escalations.of_case(case)
        if escalation is not None and change(escalation):
            claims = page_due(escalation, policy, uow)
        uow.commit()
    return claims
