"""What the use cases need of known appointments."""

from typing import Protocol
from uuid import UUID

from services.notification.reminders.domain import Appointment


class Appointments(Protocol):
    """What booking's events told of appointments; what is loaded is locked until the commit."""

    def get(self, appointment: UUID) -> Appointment | None:
        """What is known of one."""
        ...

    def save(self, appointment: Appointment) -> None:
        """Keep a new or changed one."""
        ...
