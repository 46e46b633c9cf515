"""What the use cases need from the outside: one unit of work, in their words."""

from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from services.chassis.due import Timers
from services.chassis.vault import Vault
from services.contracts.event import IntegrationEvent
from services.notification.contacts.ports import Contacts
from services.notification.escalations.ports import Escalations, Pagers
from services.notification.messages.ports import Messages
from services.notification.reminders.ports import Appointments


class NotificationWork(Protocol):
    """One transaction of this service: `with uow: …; uow.commit()`."""

    @property
    def messages(self) -> Messages: ...

    @property
    def escalations(self) -> Escalations: ...

    @property
    def pagers(self) -> Pagers: ...

    @property
    def appointments(self) -> Appointments: ...

    @property
    def contacts(self) -> Contacts: ...

    @property
    def vault(self) -> Vault: ...

    @property
    def timers(self) -> Timers: ...

    @property
    def correlation_id(self) -> str: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def publish(self, event: IntegrationEvent, *, unit: str = "", urgent: bool = False) -> None: ...

    def follow(self, correlation_id: str) -> None: ...

    def now(self) -> datetime: ...

    def commit(self) -> None: ...
