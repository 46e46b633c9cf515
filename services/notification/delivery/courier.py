"""Makes claimed attempts, one after another, and records what came of each."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from services.chassis.logs import get_logger
from services.notification.delivery.domain import Accepted, Claim, Outcome
from services.notification.delivery.usecases import is_mine, settle
from services.notification.metrics import ATTEMPTS, PAGE_SECONDS, SEND_SECONDS
from services.notification.ports import NotificationWork

log = get_logger()

SETTLE_PAUSES = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 60, 60)


@dataclass(frozen=True, slots=True)
class Courier:
    """One lane's way of working. `seconds` is the longest an attempt may take."""

    lane: str
    seconds: float
    send: Callable[[Claim], Outcome]
    new_work: Callable[[], NotificationWork]
    sleep: Callable[[float], object] = time.sleep

    def deliver(self, claim: Claim, claimed: float) -> None:
        """Make the attempt claimed at `claimed` (monotonic), unless another has taken over."""
        if self._too_late(claim, claimed) or not is_mine(claim, uow=self.new_work()):
            ATTEMPTS.labels(self.lane, "dropped").inc()
            return
        with SEND_SECONDS.labels(self.lane).time():
            outcome = self.send(claim)
        self._observe(claim, outcome)
        self._settle(claim, outcome)

    def _too_late(self, claim: Claim, claimed: float) -> bool:
        """Whether the attempt could outlive its lease, so that its timer's would be a second."""
        waited = time.monotonic() - claimed
        return waited + self.seconds >= claim.lease.total_seconds()

    def _settle(self, claim: Claim, outcome: Outcome) -> None:
        """Record it, also through a short outage of the database: what the provider accepted and
        we forget is sent twice.
        """
        for pause in (*SETTLE_PAUSES, None):
            try:
                settle(claim, outcome, uow=self.new_work())
                return
            except Exception as error:
                log.error("settle-failed", delivery=str(claim.delivery), error=type(error).__name__)
                if pause is None:
                    raise
                self.sleep(pause)

    def _observe(self, claim: Claim, outcome: Outcome) -> None:
        accepted = isinstance(outcome, Accepted)
        reason = "" if accepted else outcome.reason.value  # type: ignore[union-attr]  # the others say why
        ATTEMPTS.labels(self.lane, reason or "accepted").inc()
        log.info(
            "delivery-attempted",
            message=str(claim.message),
            delivery=str(claim.delivery),
            channel=claim.channel.value,
            attempt=claim.attempt,
            outcome=type(outcome).__name__.lower(),
            reason=reason,
        )
        if accepted and claim.urgent:
            PAGE_SECONDS.observe((datetime.now(UTC) - claim.created_at).total_seconds())
