"""Appointments: a session agreed between a person and a counsellor, and its moves.

booked ──> checked-in ──> completed      booked ──> cancelled, before it starts
booked ──> completed, no-show, once it has started
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.booking.availability.slots import Slot
from services.chassis.errors import Conflict, NotFound
from services.contracts.booking import Mode


class AppointmentState(StrEnum):
    """Where an appointment stands."""

    BOOKED = "booked"
    CHECKED_IN = "checked-in"
    COMPLETED = "completed"
    NO_SHOW = "no-show"
    CANCELLED = "cancelled"


class AppointmentNotFound(NotFound):
    """No such appointment, or not yours."""

    code = "appointment-not-found"


class WorkerAlreadyBooked(Conflict):
    """The person has another appointment at that time."""

    code = "worker-already-booked"


class RoomAlreadyTaken(Conflict):
    """The room is used at that time."""

    code = "room-already-taken"


class OwnSlot(Conflict):
    """Counsellors do not book themselves."""

    code = "own-slot"


class SameSlot(Conflict):
    """The appointment is in this slot already."""

    code = "same-slot"


class AppointmentAlreadyStarted(Conflict):
    """Its time has come."""

    code = "appointment-already-started"


class AppointmentNotStarted(Conflict):
    """Its time has not come."""

    code = "appointment-not-started"


class AppointmentNotCheckedIn(Conflict):
    """It is booked, and nobody has come yet."""

    code = "appointment-not-checked-in"


class AppointmentAlreadyCheckedIn(Conflict):
    """The person has come."""

    code = "appointment-already-checked-in"


class AppointmentAlreadyCompleted(Conflict):
    """The session took place."""

    code = "appointment-already-completed"


class AppointmentWasNoShow(Conflict):
    """The person did not come."""

    code = "appointment-was-no-show"


class AppointmentAlreadyCancelled(Conflict):
    """It will not take place."""

    code = "appointment-already-cancelled"


REFUSALS: dict[AppointmentState, type[Conflict]] = {
    AppointmentState.CHECKED_IN: AppointmentAlreadyCheckedIn,
    AppointmentState.COMPLETED: AppointmentAlreadyCompleted,
    AppointmentState.NO_SHOW: AppointmentWasNoShow,
    AppointmentState.CANCELLED: AppointmentAlreadyCancelled,
}


@dataclass(kw_only=True)
class Appointment:
    """One session; it keeps the loop's correlation id and the person's unit at booking."""

    id: UUID
    person: UUID
    unit: str
    slot: UUID
    counsellor: UUID
    site: UUID
    room: UUID | None
    mode: Mode
    starts_at: datetime
    ends_at: datetime
    correlation_id: str
    booked_at: datetime
    changed_at: datetime
    offer: UUID | None = None
    state: AppointmentState = AppointmentState.BOOKED

    def belongs_to(self, person: UUID, *, in_care: bool) -> bool:
        """Whether this person comes, or (`in_care`: as a counsellor) is the one who is visited."""
        return person == self.person or (in_care and person == self.counsellor)

    def cancel(self, now: datetime) -> None:
        """It will not take place."""
        self._must_be(AppointmentState.BOOKED)
        self._must_not_have_started(now)
        self._move(AppointmentState.CANCELLED, now)

    def move_to(self, slot: Slot, mode: Mode, now: datetime) -> None:
        """It takes place in another slot."""
        self._must_be(AppointmentState.BOOKED)
        self._must_not_have_started(now)
        self.slot, self.mode = slot.id, mode
        self.counsellor, self.site = slot.counsellor, slot.site
        self.room = slot.room if mode is Mode.IN_PERSON else None
        self.starts_at, self.ends_at = slot.starts_at, slot.ends_at
        self.changed_at = now

    def check_in(self, now: datetime) -> None:
        """The person has come; early is fine, both sides may have agreed on it."""
        self._must_be(AppointmentState.BOOKED)
        self._move(AppointmentState.CHECKED_IN, now)

    def complete(self, now: datetime) -> None:
        """The session took place; without a check-in that can only be said once it began."""
        self._must_be(AppointmentState.BOOKED, AppointmentState.CHECKED_IN)
        if self.state is AppointmentState.BOOKED and now < self.starts_at:
            raise AppointmentNotCheckedIn
        self._move(AppointmentState.COMPLETED, now)

    def mark_no_show(self, now: datetime) -> None:
        """The person did not come."""
        self._must_be(AppointmentState.BOOKED)
        if now < self.starts_at:
            raise AppointmentNotStarted
        self._move(AppointmentState.NO_SHOW, now)

    def _must_be(self, *states: AppointmentState) -> None:
        if self.state not in states:
            raise REFUSALS[self.state]

    def _must_not_have_started(self, now: datetime) -> None:
        if self.starts_at <= now:
            raise AppointmentAlreadyStarted

    def _move(self, state: AppointmentState, now: datetime) -> None:
        self.state, self.changed_at = state, now


def appointment_in(
    slot: Slot,
    *,
    appointment: UUID,
    person: UUID,
    unit: str,
    mode: Mode,
    offer: UUID | None,
    correlation_id: str,
    now: datetime,
) -> Appointment:
    """A new appointment in a slot."""
    if slot.counsellor == person:
        raise OwnSlot
    return Appointment(
        id=appointment,
        person=person,
        unit=unit,
        slot=slot.id,
        counsellor=slot.counsellor,
        site=slot.site,
        room=slot.room if mode is Mode.IN_PERSON else None,
        mode=mode,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        correlation_id=correlation_id,
        booked_at=now,
        changed_at=now,
        offer=offer,
    )
