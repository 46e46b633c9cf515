"""What the use cases need from the outside: one unit of work, in their words."""

from typing import Protocol

from services.chassis.vault import Vault
from services.chassis.work import Work
from services.notification.contacts.ports import Contacts
from services.notification.escalations.ports import Escalations, Pagers
from services.notification.messages.ports import Messages
from services.notification.reminders.ports import Appointments


class NotificationWork(Work, Protocol):
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
