"""A slot: one session a counsellor could hold, and the few states it can be in."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.booking.calendar import day_of
from services.chassis.errors import Conflict, FieldError, NotFound, UnprocessableInput
from services.contracts.booking import Mode


class SlotState(StrEnum):
    """Open to all, held for an offer, taken by an appointment, or no longer on the plan."""

    OPEN = "open"
    HELD = "held"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"


class SlotNotFound(NotFound):
    """No such slot."""

    code = "slot-not-found"


class SlotAlreadyTaken(Conflict):
    """Somebody else has the slot, or it is kept for somebody else."""

    code = "slot-already-taken"


class SlotAlreadyStarted(Conflict):
    """The slot's time has come or gone."""

    code = "slot-already-started"


class SlotWithdrawn(Conflict):
    """The counsellor's plan changed and the slot is gone."""

    code = "slot-withdrawn"


class CounsellorNotAvailable(Conflict):
    """The counsellor no longer works, or their credential ends before the slot."""

    code = "counsellor-not-available"


class DailyLoadReached(Conflict):
    """The counsellor has as many sessions that day as they take."""

    code = "daily-load-reached"


class ModeNotOffered(UnprocessableInput):
    """The slot is not held in this way."""

    code = "mode-not-offered"


@dataclass(frozen=True)
class Span:
    """A stretch of time."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Terms:
    """The counsellor's own terms that bear on every booking."""

    daily_limit: int
    credential_expires_on: date
    active: bool


@dataclass(kw_only=True)
class Slot:
    """One session; `orphaned`: taken, but the plan would not have it any more."""

    id: UUID
    counsellor: UUID
    site: UUID
    room: UUID | None
    starts_at: datetime
    ends_at: datetime
    modes: tuple[Mode, ...]
    terms: Terms
    state: SlotState = SlotState.OPEN
    held_by: UUID | None = None
    orphaned: bool = False

    @property
    def day(self) -> date:
        """The city's day it belongs to."""
        return day_of(self.starts_at)

    @property
    def span(self) -> Span:
        """The time it takes."""
        return Span(self.starts_at, self.ends_at)

    @property
    def is_open(self) -> bool:
        """Whether it counts towards nobody's load yet."""
        return self.state is SlotState.OPEN

    def hold(self, offer: UUID) -> None:
        """Keep an open slot for an offer."""
        if self.state is not SlotState.OPEN:
            raise SlotAlreadyTaken
        self.state, self.held_by = SlotState.HELD, offer

    def take(self, mode: Mode, *, offer: UUID | None, now: datetime) -> None:
        """Take it for an appointment; a held one only for the offer it is held for."""
        if self.starts_at <= now:
            raise SlotAlreadyStarted
        if self.state is SlotState.WITHDRAWN:
            raise SlotWithdrawn
        held_for_me = self.state is SlotState.HELD and self.held_by == offer
        if self.state is not SlotState.OPEN and not held_for_me:
            raise SlotAlreadyTaken
        if not self.terms.active or self.day > self.terms.credential_expires_on:
            raise CounsellorNotAvailable
        self.offers(mode)
        self.state, self.held_by = SlotState.TAKEN, None

    def offers(self, mode: Mode) -> None:
        """Refuse a way of meeting that this slot does not have."""
        if mode not in self.modes:
            choices = ", ".join(self.modes)
            raise ModeNotOffered(errors=[FieldError("mode", f"one of {choices}", "not-offered")])

    def release(self) -> None:
        """Give it back; what the plan no longer covers is withdrawn."""
        self.state = SlotState.WITHDRAWN if self.orphaned else SlotState.OPEN
        self.held_by, self.orphaned = None, False

    def withdraw(self) -> None:
        """Take it off the plan; a taken slot is only orphaned instead."""
        self.state, self.held_by = SlotState.WITHDRAWN, None
