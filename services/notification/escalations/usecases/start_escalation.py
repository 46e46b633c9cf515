"""A case needs an officer: page the first at once, the next ones by timers."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from services.notification.delivery.domain import Claim
from services.notification.escalations.domain import Escalation, EscalationState, Rung, ladder
from services.notification.escalations.ports import PagingPolicy
from services.notification.escalations.usecases.page_due import page_due
from services.notification.ports import NotificationWork


@dataclass(frozen=True, slots=True, kw_only=True)
class StartEscalation:
    """What a case event said; `sequence` is its number among the case's events."""

    case: UUID
    sequence: int
    chain: Sequence[Rung]
    fallback: bool
    drill: bool = False
    unit: str = ""


def start_escalation(
    command: StartEscalation, *, policy: PagingPolicy, uow: NotificationWork
) -> list[Claim]:
    """Start paging, or, where it runs already, page the first officer once more."""
    with uow:
        escalation = uow.escalations.of_case(command.case)
        if escalation is None:
            escalation = _new(command, uow)
        elif not escalation.is_news(command.sequence):
            uow.commit()
            return []
        now = uow.now()
        rungs = ladder(command.chain, fallback=command.fallback, now=now, pause=policy.repeat)
        escalation.start(uuid4(), rungs, now)
        escalation.drill = command.drill
        escalation.correlation_id = uow.correlation_id
        claims = page_due(escalation, policy, uow)
        uow.commit()
    return claims


def _new(command: StartEscalation, uow: NotificationWork) -> Escalation:
    return Escalation(
        id=uuid4(),
        case=command.case,
        sequence=command.sequence,
        rungs=[],
        state=EscalationState.STOPPED,
        drill=command.drill,
        unit=command.unit,
        correlation_id=uow.correlation_id,
        started_at=uow.now(),
    )
