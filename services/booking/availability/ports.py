"""What the use cases of availability, and those that take slots, need."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.booking.availability.domain import DayException, WeeklyHours
from services.booking.availability.planning import PlannedSlot
from services.booking.availability.slots import Slot, Span
from services.booking.experts.domain import Counsellor
from services.booking.experts.ports import Counsellors
from services.booking.ports import Work
from services.booking.sites.ports import Sites


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which open slot would do: between two moments, best at a site of the district `near`."""

    after: datetime
    before: datetime
    near: str | None


class Availability(Protocol):
    """The hours of each counsellor's week, and the exceptions."""

    def hours_of(self, counsellor: UUID) -> list[WeeklyHours]: ...

    def replace_hours(self, counsellor: UUID, hours: Sequence[WeeklyHours]) -> None: ...

    def exceptions_of(self, counsellor: UUID, since: date) -> list[DayException]:
        """Those that end on this day or later."""
        ...

    def add_exception(self, exception: DayException) -> None: ...

    def remove_exception(self, counsellor: UUID, exception: UUID) -> None:
        """Raises ExceptionNotFound."""
        ...


class Slots(Protocol):
    """The slots, and the rows that count each counsellor's day."""

    def plan_alone(self) -> None:
        """Wait until nobody else lays out slots, and keep others waiting meanwhile."""
        ...

    def lock(self, slots: Iterable[UUID]) -> dict[UUID, Slot]:
        """Those of these that exist, which nobody else changes meanwhile."""
        ...

    def lock_future_of(self, counsellor: UUID, after: datetime) -> list[Slot]:
        """The counsellor's slots that start later and are not withdrawn."""
        ...

    def lock_first_open(self, wanted: Wanted, *, wait: bool = False) -> Slot | None:
        """The earliest slot that would do and that nobody is just taking.

        With `wait`, one that somebody has locked counts too, once they are done with it.
        """
        ...

    def busy_rooms(self, sites: Iterable[UUID], after: datetime) -> dict[UUID, list[Span]]:
        """When the rooms of these sites are used."""
        ...

    def add(self, counsellor: Counsellor, plans: Sequence[tuple[UUID, PlannedSlot]]) -> None:
        """New open slots under these ids."""
        ...

    def save(self, *slots: Slot) -> None: ...

    def shift_load(self, *, free: Slot | None = None, use: Slot | None = None) -> bool:
        """Count one slot towards its counsellor's day, and another no more.

        False: the day is full, and nothing changed. Days are locked in one order, so call it once
        in a transaction.
        """
        ...

    def change_limit(self, counsellor: UUID, since: date, limit: int) -> None:
        """Let each day from this one on know the new limit."""
        ...


class AvailabilityWork(Work, Protocol):
    """The part of the unit of work that availability uses."""

    @property
    def counsellors(self) -> Counsellors: ...

    @property
    def sites(self) -> Sites: ...

    @property
    def availability(self) -> Availability: ...

    @property
    def slots(self) -> Slots: ...
