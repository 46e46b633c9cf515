"""What the use cases of appointments need."""

from typing import Protocol
from uuid import UUID

from services.booking.appointments.domain import Appointment
from services.booking.offers.ports import OfferWork


class Appointments(Protocol):
    """Appointments; no counsellor, room or worker is in two of them at once."""

    def lock(self, appointment: UUID) -> Appointment | None:
        """The appointment, which nobody else changes meanwhile."""
        ...

    def add(self, appointment: Appointment, worker: int) -> None:
        """Raises SlotAlreadyTaken, RoomAlreadyTaken or WorkerAlreadyBooked.

        `worker` is the person's party number.
        """
        ...

    def save(self, appointment: Appointment) -> None:
        """Keep a change of state."""
        ...

    def move(self, appointment: Appointment, worker: int) -> None:
        """Keep a change of slot; raises what `add` raises."""
        ...


class AppointmentWork(OfferWork, Protocol):
    """The part of the unit of work that appointments use."""

    @property
    def appointments(self) -> Appointments: ...
