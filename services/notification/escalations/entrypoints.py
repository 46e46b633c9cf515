"""Case events, the timers of escalations, and the officer's open pages."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.chassis.database import Database, DatabaseProvider
from services.chassis.http import Request, http
from services.chassis.subscribe import subscribe
from services.chassis.timers import DueTimer, on_due
from services.contracts.booking import (
    CaseAcknowledgedV1,
    CaseClosedV1,
    CaseContactedV1,
    CaseEscalatedV1,
    CaseOpenedV1,
    CaseOverdueV1,
    PageStep,
)
from services.contracts.envelope import Envelope
from services.notification.delivery.domain import Claim
from services.notification.delivery.tray import Tray
from services.notification.escalations import queries, schemas
from services.notification.escalations.domain import Rung
from services.notification.escalations.paging import GATHER_TIMER
from services.notification.escalations.ports import PagingPolicy
from services.notification.escalations.usecases import page_due
from services.notification.escalations.usecases.move_on import hand_up, officer_unreachable
from services.notification.escalations.usecases.send_gathered import send_gathered
from services.notification.escalations.usecases.start_escalation import (
    StartEscalation,
    start_escalation,
)
from services.notification.escalations.usecases.stop_escalation import (
    StopEscalation,
    stop_escalation,
)
from services.notification.wiring import (
    NotificationUnitOfWork,
    NotificationUnitOfWorkProvider,
    PagingPolicyProvider,
    TrayProvider,
)


class EscalationEntrypoints:
    """Paging officers until one of them takes the case."""

    uow: NotificationUnitOfWork = NotificationUnitOfWorkProvider()
    database: Database = DatabaseProvider()
    paging: PagingPolicy = PagingPolicyProvider()
    tray: Tray = TrayProvider()

    @subscribe("notification.case-paging")
    def on_case_change(self, event: Envelope) -> None:
        """A case needs an officer, or has one."""
        match event.data:
            case CaseOverdueV1(chain=(), fallback=False):
                return  # a care case that is late: its officers see it in their queue
            case CaseOpenedV1(crisis=True) | CaseOverdueV1():
                self.tray.put(self._start(event))
            case CaseEscalatedV1():
                self.tray.put(self._hand_up(event))
            case CaseAcknowledgedV1() | CaseContactedV1() | CaseClosedV1():
                self._stop(event)

    @on_due(page_due.TIMER, pool="crisis")
    def on_next_rung(self, timer: DueTimer) -> None:
        """Nobody has taken the case so far."""
        case = UUID(timer.payload["case"])
        claims = page_due.continue_escalation(case, policy=self.paging, uow=self.uow)
        self.tray.put(claims)

    @on_due(GATHER_TIMER, pool="crisis")
    def on_gathered(self, timer: DueTimer) -> None:
        """The window after a recipient's last page mail has passed."""
        self.tray.put(send_gathered(timer.payload["recipient"], uow=self.uow))

    @on_due("unreachable", pool="crisis")
    def on_unreachable(self, timer: DueTimer) -> None:
        """A page could not be delivered."""
        case, officer = UUID(timer.payload["case"]), timer.payload["officer"]
        paged = UUID(officer) if officer else None
        self.tray.put(officer_unreachable(case, paged, policy=self.paging, uow=self.uow))

    @http(
        "GET",
        "/api/notification/v1/pages",
        action="page.list",
        answer=schemas.OpenPagesSchema,
        pool="crisis",
        summary="The cases I am being paged for and nobody has taken yet",
    )
    def list_pages(self, request: Request) -> dict[str, Any]:
        """What should ring at the officer's desk now."""
        with self.database.reading() as connection:
            items = queries.open_pages(connection, request.principal.person)
        return {"items": items, "next": None}

    def _hand_up(self, event: Envelope) -> list[Claim]:
        data = event.data
        assert isinstance(data, CaseEscalatedV1)  # noqa: S101  # matched above
        return hand_up(
            data.case,
            event.sequence,
            data.tier,
            chain=_rungs(data.chain),
            fallback=data.fallback,
            policy=self.paging,
            uow=self.uow,
        )

    def _start(self, event: Envelope) -> list[Claim]:
        data = event.data
        assert isinstance(data, CaseOpenedV1 | CaseOverdueV1)  # noqa: S101  # matched above
        command = StartEscalation(
            case=data.case,
            sequence=event.sequence,
            chain=_rungs(data.chain),
            fallback=data.fallback,
            drill=data.drill,
            unit=event.unit,
        )
        return start_escalation(command, policy=self.paging, uow=self.uow)

    def _stop(self, event: Envelope) -> None:
        data = event.data
        assert isinstance(data, CaseAcknowledgedV1 | CaseContactedV1 | CaseClosedV1)  # noqa: S101  # matched above
        command = StopEscalation(
            case=data.case,
            sequence=event.sequence,
            closed=isinstance(data, CaseClosedV1),
            officer=getattr(data, "officer", None),
            drill=data.drill,
            unit=event.unit,
        )
        stop_escalation(command, uow=self.uow)


def _rungs(chain: Iterable[PageStep]) -> list[Rung]:
    return [Rung(step.officer, step.tier, step.due_at) for step in chain]
