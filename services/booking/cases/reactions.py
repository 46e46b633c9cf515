"""What cases do on their own: crisis signals and sent pages come in, clocks run out."""

from datetime import UTC
from uuid import UUID

from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.usecases.handle_due import find_late, handle_due
from services.booking.cases.usecases.open_crisis_case import OpenCrisisCase, open_crisis_case
from services.booking.cases.usecases.watch_page import ConfirmPage, confirm_page, page_again
from services.booking.wiring import (
    BookingUnitOfWork,
    BookingUnitOfWorkProvider,
    CrisisPolicyProvider,
)
from services.chassis.logs import get_logger
from services.chassis.metrics import count_from_zero, counter, histogram
from services.chassis.subscribe import subscribe
from services.chassis.timers import DueTimer, every, on_due
from services.contracts.assessment import FlagSource, RiskFlaggedV1
from services.contracts.envelope import Envelope
from services.contracts.notification import Channel, MessageSentV1

log = get_logger()

# What lies in the inbox rings nobody.
RINGS = frozenset({Channel.EMAIL, Channel.SMS})

SIGNALS = counter(
    "huixin_booking_crisis_signals_total", "Crisis signals taken", ("source", "drill")
)
count_from_zero(SIGNALS, [each.value for each in FlagSource], ["true", "false"])
LATE = counter("huixin_booking_cases_late_total", "Limits of a case that passed")
PAGED_SECONDS = histogram(
    "huixin_booking_signal_to_page_seconds",
    "From a sign of danger to the first page about it that left",
    buckets=(0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0),
)
UNCONFIRMED = counter("huixin_booking_pages_unconfirmed_total", "Pages that did not leave in time")
LOST_TIMERS = counter("huixin_booking_case_timers_lost_total", "Late cases that the sweep found")


def _is_a_page(event: Envelope) -> bool:
    sent = event.data
    return isinstance(sent, MessageSentV1) and sent.channel in RINGS and sent.case is not None


class CaseReactions:
    """Events and timers of cases; all of them in the crisis lane."""

    uow: BookingUnitOfWork = BookingUnitOfWorkProvider()
    crisis_policy: CrisisPolicy = CrisisPolicyProvider()

    @subscribe("booking.risk-flagged")
    def on_risk_flagged(self, event: Envelope) -> None:
        """A crisis signal opens, re-opens or joins a case, and pages."""
        flag = event.data
        assert isinstance(flag, RiskFlaggedV1)  # noqa: S101  # the queue binds this type
        command = OpenCrisisCase(
            case=flag.case,
            person=flag.person,
            unit=event.unit,
            source=flag.source,
            rule=flag.rule,
            at=event.time.astimezone(UTC),
            acute=flag.acute,
            callback=flag.callback,
            drill=flag.drill,
        )
        open_crisis_case(command, uow=self.uow, policy=self.crisis_policy)
        SIGNALS.labels(flag.source, str(flag.drill).lower()).inc()

    @subscribe("booking.message-sent", concerns=_is_a_page)
    def on_message_sent(self, event: Envelope) -> None:
        """A page that left by mail or SMS ends the watch; a failed one leaves it running."""
        message = event.data
        if isinstance(message, MessageSentV1) and message.case and _is_a_page(event):
            command = ConfirmPage(case=message.case, person=message.person)
            if signal := confirm_page(command, uow=self.uow):
                PAGED_SECONDS.observe(max(0.0, (event.time - signal).total_seconds()))

    @on_due("case-due", pool="crisis")
    def on_case_due(self, timer: DueTimer) -> None:
        """Something of the case is due now."""
        self._handle_due(UUID(timer.key))

    @on_due("case-page-watch", pool="crisis")
    def on_page_unconfirmed(self, timer: DueTimer) -> None:
        """No page has left since the watch began."""
        attempt = int(timer.payload.get("attempt", 0))
        case_id = UUID(timer.key)
        if page_again(case_id, attempt, uow=self.uow, policy=self.crisis_policy):
            UNCONFIRMED.inc()
            log.warning("page-unconfirmed", case=str(case_id), attempt=attempt)

    @every(seconds=30, name="late-cases", pool="crisis")
    def look_for_late_cases(self) -> None:
        """No case is forgotten because a timer was lost."""
        for case_id in find_late(uow=self.uow):
            LOST_TIMERS.inc()
            log.error("case-timer-lost", case=str(case_id))
            self._handle_due(case_id)

    def _handle_due(self, case_id: UUID) -> None:
        if handle_due(case_id, uow=self.uow, policy=self.crisis_policy):
            LATE.inc()
            log.warning("case-late", case=str(case_id))
