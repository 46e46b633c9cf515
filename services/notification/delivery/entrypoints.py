"""The timer that recovers and retries attempts."""

from uuid import UUID

from services.chassis.timers import DueTimer, on_due
from services.notification.delivery.claiming import TIMER
from services.notification.delivery.tray import Tray
from services.notification.delivery.usecases import try_again
from services.notification.wiring import (
    NotificationUnitOfWork,
    NotificationUnitOfWorkProvider,
    TrayProvider,
)


class DeliveryEntrypoints:
    """Nothing queued stays queued because a process ended."""

    uow: NotificationUnitOfWork = NotificationUnitOfWorkProvider()
    tray: Tray = TrayProvider()

    @on_due(TIMER, pool="crisis")
    def attempt_again(self, timer: DueTimer) -> None:
        """An attempt was postponed, or never settled."""
        delivery, attempt = UUID(timer.payload["delivery"]), timer.payload["attempt"]
        self.tray.put(try_again(delivery, attempt, uow=self.uow))
