"""Booking's providers: the only place that joins ports to storage."""

from datetime import timedelta

from nameko.extensions import DependencyProvider
from sqlalchemy import Connection

from services.booking.appointments.storage import AppointmentRepository
from services.booking.availability.domain import SessionPattern
from services.booking.availability.layout import Layout
from services.booking.availability.slot_storage import SlotRepository
from services.booking.availability.storage import AvailabilityRepository
from services.booking.cases.policy import CrisisPolicy, load_crisis_policy
from services.booking.cases.storage import CaseRepository
from services.booking.directory import AccountsStaff
from services.booking.experts.storage import CounsellorRepository
from services.booking.observing import observing
from services.booking.offers.policy import OfferPolicy, load_offer_policy
from services.booking.offers.storage import OfferRepository
from services.booking.parties import PartyRepository
from services.booking.rosters.storage import RosterRepository
from services.booking.settings import BookingSettings
from services.booking.sites.storage import SiteRepository
from services.booking.staff import Staff
from services.chassis.observing import Observer
from services.chassis.unit_of_work import UnitOfWork, UnitOfWorkProvider


class BookingUnitOfWork(UnitOfWork):
    """Booking's repositories on one connection."""

    def open(self, connection: Connection) -> None:
        """Build them."""
        self.parties = PartyRepository(connection)
        self.sites = SiteRepository(connection)
        self.counsellors = CounsellorRepository(connection)
        self.availability = AvailabilityRepository(connection)
        self.slots = SlotRepository(connection)
        self.offers = OfferRepository(connection)
        self.appointments = AppointmentRepository(connection)
        self.rosters = RosterRepository(connection)
        self.cases = CaseRepository(connection)


class BookingUnitOfWorkProvider(UnitOfWorkProvider):
    """Gives each worker its unit of work."""

    unit_of_work = BookingUnitOfWork


class StaffProvider(DependencyProvider):
    """Gives an entrypoint the people that accounts knows."""

    def get_dependency(self, worker_ctx: object) -> Staff:
        """Over the service's peers."""
        return AccountsStaff(self.container.runtime.peers)


class LayoutProvider(DependencyProvider):
    """Gives how far ahead slots are laid out, and how hours are cut."""

    def setup(self) -> None:
        """Read it from the settings."""
        self._layout = layout_of(self.container.runtime.settings)

    def get_dependency(self, worker_ctx: object) -> Layout:
        """The same for all."""
        return self._layout


class BookingObserver(Observer):
    """Watches cases, roster and slots for operations."""

    def setup(self) -> None:
        """By the crisis policy's limits."""
        settings = self.container.runtime.settings
        policy = load_crisis_policy(settings.crisis_policy, embedded=settings.embedded)
        self.observe = observing(policy)


class OfferPolicyProvider(DependencyProvider):
    """Gives the offer policy."""

    def setup(self) -> None:
        """Read the file; a service with an unreadable policy does not start."""
        self._policy = load_offer_policy(self.container.runtime.settings.offer_policy)

    def get_dependency(self, worker_ctx: object) -> OfferPolicy:
        """The same for all."""
        return self._policy


class CrisisPolicyProvider(DependencyProvider):
    """Gives the crisis policy."""

    def setup(self) -> None:
        """Read the file; outside the embedded mode an unsigned one is refused."""
        settings = self.container.runtime.settings
        self._policy = load_crisis_policy(settings.crisis_policy, embedded=settings.embedded)

    def get_dependency(self, worker_ctx: object) -> CrisisPolicy:
        """The same for all."""
        return self._policy


def layout_of(settings: BookingSettings) -> Layout:
    """The layout that the settings describe."""
    pattern = SessionPattern(
        session=timedelta(minutes=settings.session_minutes),
        pause=timedelta(minutes=settings.pause_minutes),
    )
    return Layout(horizon_days=settings.horizon_days, pattern=pattern)
