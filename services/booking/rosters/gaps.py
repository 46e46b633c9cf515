"""Hours that nobody covers, and which of them are news."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.booking.rosters.domain import Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A stretch of time on a tier with nobody on duty."""

    tier: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch that was reported; it grows as the horizon moves on."""

    id: UUID
    tier: int
    starts_at: datetime
    ends_at: datetime

    def meets(self, hours: Hours) -> bool:
        """Whether the hours continue this gap."""
        touching = self.starts_at <= hours.ends_at and hours.starts_at <= self.ends_at
        return self.tier == hours.tier and touching

    def grown(self, hours: Iterable[Hours]) -> "Gap":
        """The gap with the end of what continues it."""
        ends = [each.ends_at for each in hours if self.meets(each)]
        return replace(self, ends_at=max([self.ends_at, *ends]))


def uncovered(
    shifts: Iterable[Shift], *, tiers: Sequence[int], starts_at: datetime, ends_at: datetime
) -> list[Hours]:
    """Every stretch between the two moments in which a tier has nobody, by tier, then time."""
    known = sorted(shifts, key=lambda each: each.starts_at)
    return [
        hours
        for tier in tiers
        for hours in _uncovered([s for s in known if s.tier == tier], tier, starts_at, ends_at)
    ]


def _uncovered(
    shifts: Sequence[Shift], tier: int, starts_at: datetime, ends_at: datetime
) -> Iterable[Hours]:
    reached = starts_at
    for shift in shifts:
        if reached < min(shift.starts_at, ends_at):
            yield Hours(tier=tier, starts_at=reached, ends_at=min(shift.starts_at, ends_at))
        reached = max(reached, shift.ends_at)
    if reached < ends_at:
        yield Hours(tier=tier, starts_at=reached, ends_at=ends_at)


def news(found: Sequence[Hours], known: Sequence[Gap]) -> list[Hours]:
    """The stretches that continue no gap reported before."""
    return [hours for hours in found if not any(gap.meets(hours) for gap in known)]


def filled(found: Sequence[Hours], known: Sequence[Gap]) -> list[Gap]:
    """The reported gaps that somebody covers by now, or that are over."""
    return [gap for gap in known if not any(gap.meets(hours) for hours in found)]
