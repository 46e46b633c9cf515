"""An officer took the case, or it is over: nobody is paged further."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from services.notification.escalations.domain import Escalation, EscalationState
from services.notification.escalations.publishing import tell
from services.notification.escalations.usecases.page_due import TIMER
from services.notification.messages.publishing import tell as tell_of_message
from services.notification.ports import NotificationWork


@dataclass(frozen=True, slots=True, kw_only=True)
class StopEscalation:
    """What a case event said; `officer` is who took the case or reached the person."""

    case: UUID
    sequence: int
    closed: bool
    officer: UUID | None = None
    drill: bool = False
    unit: str = ""


def stop_escalation(command: StopEscalation, *, uow: NotificationWork) -> None:
    """Stop; an opening that arrives after its own acknowledgement starts nothing."""
    with uow:
        escalation = uow.escalations.of_case(command.case)
        if escalation is None:
            uow.escalations.save(_already_over(command, uow))
        elif escalation.is_news(command.sequence):
            escalation.stop(closed=command.closed)
            uow.escalations.save(escalation)
            uow.timers.cancel(TIMER, str(command.case))
            tell(escalation, uow)
            _seen(command, uow)
        uow.commit()


def _seen(command: StopEscalation, uow: NotificationWork) -> None:
    """Whoever took the case has evidently seen its pages."""
    if command.officer is None:
        return
    for page in uow.messages.pages_of_case(command.case, command.officer):
        page.read(uow.now())
        uow.messages.save(page)
        tell_of_message(page, uow)


def _already_over(command: StopEscalation, uow: NotificationWork) -> Escalation:
    return Escalation(
        id=uuid4(),
        case=command.case,
        sequence=command.sequence,
        rungs=[],
        state=EscalationState.CLOSED if command.closed else EscalationState.STOPPED,
        drill=command.drill,
        unit=command.unit,
        correlation_id=uow.correlation_id,
        started_at=uow.now(),
    )
