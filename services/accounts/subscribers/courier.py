"""Couriers: green threads that take what is due and deliver it, whichever replica they run in."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from services.accounts.ports import AccountsWork
from services.accounts.subscribers.domain import DeliveryKind, Failed, Outcome
from services.accounts.subscribers.usecases.deliver import (
    Consignment,
    claim_consignment,
    settle_consignment,
)
from services.chassis.logs import get_logger
from services.chassis.metrics import counter
from services.chassis.runtime import WakeUp

log = get_logger()

IDLE_SECONDS = 1.0
DELIVERED = counter(
    "huixin_subscription_parcels_total", "Copies and heartbeats sent", ("kind", "outcome")
)


class Sender(Protocol):
    """One way to a subscriber."""

    def deliver(self, consignment: Consignment) -> Outcome:
        """Send as much as arrives; never raises for what is the other side's."""
        ...


@dataclass(slots=True)
class Courier:
    """One thread's way of working."""

    kind: DeliveryKind
    sender: Sender
    new_work: Callable[[], AccountsWork]
    wake: WakeUp
    heartbeat: timedelta
    stopping: bool = False
    rest: Callable[[], None] = lambda: None

    def run(self) -> None:
        """Until stopped; what is claimed when the process dies is due again when its lease ends."""
        while not self.stopping:
            try:
                busy = self.turn()
            except Exception as error:
                log.warning("courier-waits", kind=self.kind.value, error=type(error).__name__)
                busy = False
            if not busy and not self.stopping:
                with suppress(Exception):
                    self.rest()
                self.wake.wait(IDLE_SECONDS)

    def turn(self) -> bool:
        """Deliver one consignment; False where none was due."""
        consignment = claim_consignment(self.kind, uow=self.new_work())
        if consignment is None:
            return False
        outcome = self._deliver(consignment)
        settled = settle_consignment(consignment, outcome, self.heartbeat, uow=self.new_work())
        DELIVERED.labels(self.kind.value, type(outcome).__name__.lower()).inc(
            max(1, outcome.through - consignment.subscription.delivered)
        )
        log.info(
            "subscription-delivery",
            subscription=settled.name,
            through=outcome.through,
            last=settled.last,
            state=settled.state.value,
            reason=settled.reason,
        )
        return True

    def _deliver(self, consignment: Consignment) -> Outcome:
        """What no sender foresaw is this subscription's failure, for its status to say."""
        try:
            return self.sender.deliver(consignment)
        except Exception as error:
            log.error("delivery-broken", kind=self.kind.value, error=type(error).__name__)
            return Failed(consignment.subscription.delivered, type(error).__name__)
