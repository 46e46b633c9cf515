"""Keeping the contact cards fresh: by events, and every few minutes whatever happens."""

from datetime import timedelta

from services.chassis.access import Role
from services.chassis.logs import get_logger
from services.chassis.peers import Peers, PeersProvider
from services.chassis.subscribe import subscribe
from services.chassis.timers import DueTimer, every, on_due
from services.contracts.accounts import ContactChangedV1, RoleChangedV1
from services.contracts.booking import RosterGapFoundV1
from services.contracts.envelope import Envelope
from services.notification.contacts.directory import AccountsDirectory
from services.notification.contacts.ports import BookClosed
from services.notification.contacts.usecases import (
    REFRESH_TIMER,
    contact_changed,
    forget_people,
    refresh_staff,
    role_changed,
)
from services.notification.delivery.tray import Tray
from services.notification.escalations.ports import PagingPolicy
from services.notification.messages.usecases.tell_of_gap import roster_gap_found
from services.notification.wiring import (
    NotificationUnitOfWork,
    NotificationUnitOfWorkProvider,
    PagingPolicyProvider,
    TrayProvider,
)

log = get_logger()

REFRESH_SECONDS = 300
TRY_AGAIN = timedelta(seconds=10)
STAFF = frozenset(Role) - {Role.WORKER}


class ContactEntrypoints:
    """What accounts knows, kept at hand, so that a page works while accounts is away."""

    uow: NotificationUnitOfWork = NotificationUnitOfWorkProvider()
    peers: Peers = PeersProvider()
    paging: PagingPolicy = PagingPolicyProvider()
    tray: Tray = TrayProvider()

    @subscribe("notification.staff-changes")
    def on_staff_change(self, event: Envelope) -> None:
        """Addresses or roles changed, or the roster has a gap."""
        match event.data:
            case ContactChangedV1(person=person):
                contact_changed(person, uow=self.uow)
            case RoleChangedV1(person=person, roles=roles):
                role_changed(person, staff=bool(STAFF & set(roles)), uow=self.uow)
            case RosterGapFoundV1() as gap:
                claims = roster_gap_found(
                    gap.starts_at,
                    gap.ends_at,
                    fallbacks=self.paging.fallbacks,
                    unit=event.unit,
                    uow=self.uow,
                )
                self.tray.put(claims)

    @every(seconds=REFRESH_SECONDS, name="staff-cards")
    def refresh_regularly(self) -> None:
        """Also what no event told."""
        self._refresh()

    @on_due(REFRESH_TIMER)
    def refresh_now(self, _timer: DueTimer) -> None:
        """An event told of a change."""
        self._refresh()

    @every(seconds=3600, name="forget-people")
    def forget(self) -> None:
        """Addresses of people are kept only while messages are due."""
        forget_people(uow=self.uow)

    def _refresh(self) -> None:
        try:
            refresh_staff(book=AccountsDirectory(self.peers), uow=self.uow)
        except BookClosed:
            log.warning("staff-cards-not-refreshed")
            with self.uow:
                self.uow.timers.set(REFRESH_TIMER, "", self.uow.now() + TRY_AGAIN)
                self.uow.commit()
