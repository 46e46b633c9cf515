"""The booking service: care delivery and scheduling, composed from its topics."""

from services.booking.appointments.entrypoints import AppointmentEntrypoints
from services.booking.availability.entrypoints import AvailabilityEntrypoints
from services.booking.cases.entrypoints import CaseEntrypoints
from services.booking.experts.entrypoints import ExpertEntrypoints
from services.booking.offers.entrypoints import OfferEntrypoints
from services.booking.rosters.entrypoints import RosterEntrypoints
from services.booking.settings import BookingSettings
from services.booking.sites.entrypoints import SiteEntrypoints
from services.booking.wiring import BookingObserver
from services.chassis.service import Service


class BookingService(
    SiteEntrypoints,
    ExpertEntrypoints,
    AvailabilityEntrypoints,
    OfferEntrypoints,
    AppointmentEntrypoints,
    RosterEntrypoints,
    CaseEntrypoints,
    Service,
):
    """Sites, counsellors, slots, offers, appointments; duty rosters and crisis cases."""

    name = "booking"
    title = "Huixin booking"
    description = "Care delivery and scheduling: slots, offers, appointments, crisis cases"
    settings = BookingSettings
    observer = BookingObserver()
