"""Shifts: an officer stands by on a tier, for a unit and everything under it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.chassis.access import Role
from services.chassis.errors import Conflict, NotAllowed, NotFound, UnprocessableInput

BACKING = frozenset({Role.DUTY, Role.COUNSELLOR, Role.CLINICAL_LEAD})


class NoSuchShift(NotFound):
    """There is no such shift."""

    code = "no-such-shift"


class ShiftOverlaps(Conflict):
    """The officer already has a shift on this tier and unit in these hours."""

    code = "shift-overlaps"
    title = "The officer already has a shift on this tier in these hours"


class ShiftIsOver(Conflict):
    """What was on the roster stays on record."""

    code = "shift-is-over"
    title = "The shift is over and stays on record"


class ShiftTooLong(UnprocessableInput):
    """Nobody stays awake that long, or the shift ends before it starts."""

    code = "shift-length"
    field = "ends_at"
    title = "A shift ends after its start, and within the longest shift the policy allows"


class UnitNotYours(NotAllowed):
    """A roster is planned for one's own subtree only."""

    code = "unit-not-yours"
    title = "The unit is outside your own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One officer, one tier (1 is paged first), one stretch of time; the end is exclusive."""

    id: UUID
    officer: UUID
    tier: int
    unit: str
    starts_at: datetime
    ends_at: datetime

    def covers(self, moment: datetime) -> bool:
        """Whether the officer is on duty then."""
        return self.starts_at <= moment < self.ends_at

    def serves(self, unit: str) -> bool:
        """Whether a case of this unit is the shift's; a case without unit is the city's."""
        if not unit:
            return "/" not in self.unit
        return unit == self.unit or unit.startswith(f"{self.unit}/")

    def overlaps(self, other: "Shift") -> bool:
        """Whether both put the same officer on the same tier and unit at one time."""
        same = (self.officer, self.tier, self.unit) == (other.officer, other.tier, other.unit)
        return same and self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def check_length(self, longest: timedelta) -> None:
        """Raises ShiftTooLong."""
        if not timedelta(0) < self.ends_at - self.starts_at <= longest:
            raise ShiftTooLong

    def on_day(self, day: int, *, shift_id: UUID) -> "Shift":
        """The same shift so many days later, under its own id."""
        later = timedelta(days=day)
        return replace(
            self, id=shift_id, starts_at=self.starts_at + later, ends_at=self.ends_at + later
        )

    def ended(self, now: datetime) -> "Shift | None":
        """What stays on record when it is taken off the roster now; None: it had not begun."""
        if self.ends_at <= now:
            raise ShiftIsOver
        return replace(self, ends_at=now) if self.starts_at < now else None

    def taken_over(self, officer: UUID, now: datetime, *, shift_id: UUID) -> "Shift":
        """The rest of the shift for another officer."""
        if self.ends_at <= now:
            raise ShiftIsOver
        return replace(self, id=shift_id, officer=officer, starts_at=max(self.starts_at, now))


def officers_of(tier: int, required: Collection[int]) -> frozenset[Role]:
    """Whose tier it is: those that must never be empty are for officers who may take any case."""
    return frozenset({Role.DUTY}) if tier in required else BACKING
