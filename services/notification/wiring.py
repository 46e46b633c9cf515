"""Where ports meet storage, the mail server and the lanes."""

from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import eventlet
from nameko.extensions import DependencyProvider, SharedExtension
from sqlalchemy import Connection

from services.chassis.metrics import count_from_zero
from services.chassis.runtime import Runtime
from services.chassis.unit_of_work import UnitOfWork, UnitOfWorkProvider
from services.contracts.notification import Channel
from services.notification.contacts.directory import AccountsDirectory
from services.notification.contacts.storage import ContactRows
from services.notification.contacts.usecases import find_address
from services.notification.delivery.courier import Courier
from services.notification.delivery.domain import Claim
from services.notification.delivery.email import EmailChannel
from services.notification.delivery.lanes import Lane, Lanes
from services.notification.delivery.ports import OutsideChannel
from services.notification.delivery.post import PostOffice
from services.notification.delivery.tray import Tray
from services.notification.escalations.ports import PagingPolicy
from services.notification.escalations.storage import EscalationRows, PagerRows
from services.notification.messages.domain import Reason
from services.notification.messages.sealing import Enclosed, unseal
from services.notification.messages.storage import MessageRows
from services.notification.metrics import ATTEMPTS, DELIVERIES, PAGES
from services.notification.reminders.storage import AppointmentRows
from services.notification.settings import NotificationSettings
from services.notification.wording.catalogue import Catalogue, catalogue

BACKLOG = 2_000


class NotificationUnitOfWork(UnitOfWork):
    """The chassis's unit of work with this service's repositories."""

    messages: MessageRows
    escalations: EscalationRows
    pagers: PagerRows
    appointments: AppointmentRows
    contacts: ContactRows

    def open(self, connection: Connection) -> None:
        """Build the repositories on this connection."""
        self.messages = MessageRows(connection)
        self.escalations = EscalationRows(connection)
        self.pagers = PagerRows(connection)
        self.appointments = AppointmentRows(connection)
        self.contacts = ContactRows(connection, self.vault)


class NotificationUnitOfWorkProvider(UnitOfWorkProvider):
    """Gives each worker its unit of work."""

    unit_of_work = NotificationUnitOfWork


class CatalogueProvider(DependencyProvider):
    """Gives an entrypoint the words."""

    def get_dependency(self, worker_ctx: object) -> Catalogue:
        """The shipped catalogue."""
        return catalogue()


class PagingPolicyProvider(DependencyProvider):
    """Gives an entrypoint the paging policy of the settings."""

    def get_dependency(self, worker_ctx: object) -> PagingPolicy:
        """How pages repeat and gather."""
        policy: PagingPolicy = self.container.runtime.settings.paging
        return policy


class Mailroom(SharedExtension):
    """Runs the lanes for as long as the service runs."""

    def setup(self) -> None:
        """Build the lanes."""
        self.lanes = build_lanes(self.container.runtime)
        reasons = [reason.value for reason in Reason]
        count_from_zero(ATTEMPTS, ["pages", "ordinary"], ["accepted", "dropped", *reasons])
        count_from_zero(DELIVERIES, [each.value for each in Channel], ["sent", "delivered"], [""])
        count_from_zero(DELIVERIES, [Channel.EMAIL.value], ["failed"], reasons)
        count_from_zero(PAGES, ["officer", "fallback"], ["sent", "failed"], ["true", "false"])

    def start(self) -> None:
        """Start their threads."""
        spawn = self.container.spawn_managed_thread
        self._threads: list[Any] = self.lanes.start(spawn)

    def stop(self) -> None:
        """Finish what is in hand; the rest has its timers."""
        self.lanes.stop()
        longest = self.container.runtime.settings.mail_seconds
        with eventlet.Timeout(longest, exception=False):
            for thread in self._threads:
                thread.wait()


class TrayProvider(DependencyProvider):
    """Gives each worker a tray, and empties it into the lanes once the worker has committed."""

    mailroom = Mailroom()

    def setup(self) -> None:
        """No worker has a tray yet."""
        self._trays: WeakKeyDictionary[Any, Tray] = WeakKeyDictionary()

    def get_dependency(self, worker_ctx: Any) -> Tray:
        """The worker's own tray."""
        return self._trays.setdefault(worker_ctx, Tray())

    def worker_result(self, worker_ctx: Any, result: Any = None, exc_info: Any = None) -> None:
        """A worker ended; one that failed has sent nothing."""
        tray = self._trays.pop(worker_ctx, None)
        if tray is not None and exc_info is None:
            self.mailroom.lanes.put(tray.take())


def build_lanes(runtime: Runtime) -> Lanes:
    """Both lanes, each with its own courier, threads and connections."""
    settings = runtime.settings
    assert isinstance(settings, NotificationSettings)  # noqa: S101  # the service class says so
    lane = partial(_lane, runtime, settings)
    return Lanes(
        pages=lane("pages", settings.page_seconds, settings.page_threads),
        ordinary=lane("ordinary", settings.mail_seconds, settings.mail_threads),
    )


def _lane(
    runtime: Runtime, settings: NotificationSettings, name: str, seconds: float, threads: int
) -> Lane:
    def new_work() -> NotificationUnitOfWork:
        return NotificationUnitOfWork(runtime.transaction(), runtime.keyring)

    def open_sealed(claim: Claim) -> Enclosed | None:
        with new_work() as uow:
            return unseal(claim.person, claim.values, uow.vault)

    office = PostOffice(
        channels=_channels(settings, seconds),
        find_address=lambda person, channel: find_address(
            person, channel, book=AccountsDirectory(runtime.peers), uow=new_work()
        ),
        open_sealed=open_sealed,
        fallbacks=settings.fallback_contacts,
        catalogue=catalogue(),
        public_url=settings.public_url,
    )
    courier = Courier(name, seconds, office.send, new_work, eventlet.sleep)
    return Lane(courier, workers=threads, backlog=BACKLOG)


def _channels(settings: NotificationSettings, seconds: float) -> dict[Channel, OutsideChannel]:
    if settings.smtp is None or settings.mail_from is None:
        return {}

    def limit(longest: float) -> Any:
        return eventlet.Timeout(longest, TimeoutError("the mail server is slow"))

    channel = EmailChannel(settings.smtp, settings.mail_from, seconds=seconds, limit=limit)
    return {Channel.EMAIL: channel}
