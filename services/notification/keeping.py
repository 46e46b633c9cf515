"""Retention: what nobody needs any more is forgotten."""

from datetime import timedelta

from services.chassis.container import SettingsProvider
from services.chassis.timers import every
from services.notification.settings import NotificationSettings
from services.notification.wiring import NotificationUnitOfWork, NotificationUnitOfWorkProvider

PAST_APPOINTMENTS = timedelta(days=30)


class KeepingEntrypoints:
    """The sweep behind the inbox's retention."""

    uow: NotificationUnitOfWork = NotificationUnitOfWorkProvider()
    limits: NotificationSettings = SettingsProvider()

    @every(seconds=3600, name="retention")
    def forget_old(self) -> None:
        """Messages after their days, appointments after a month."""
        with self.uow:
            now = self.uow.now()
            self.uow.messages.delete_older(now - timedelta(days=self.limits.kept_days))
            self.uow.appointments.delete_older(now - PAST_APPOINTMENTS)
            self.uow.commit()
