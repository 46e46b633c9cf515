"""The offer policy: a versioned data file that says who is offered what, and for how long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from services.booking.calendar import end_of_day

# The care level of who needs nothing; no policy can make it lead to an offer.
NO_CARE = 0
DEFAULT = Path(__file__).parent / "policy" / "offers-1.0.0.json"


class _LevelFile(msgspec.Struct, forbid_unknown_fields=True):
    within_days: int | None = None
    same_day: bool = False
    near_first: bool = False


class _PolicyFile(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    version: str
    source: str
    open_hours: float
    hold_ends_minutes_before_start: int
    look_again_minutes: int
    levels: dict[str, _LevelFile]


@dataclass(frozen=True, kw_only=True)
class OfferPolicy:
    """Which care levels lead to an offer, how long it stands, and how soon a slot must be.

    `windows` maps a care level to the time within which a slot fits; None is the same day. At the
    levels of `near_first` a site of the person's own district goes before an earlier slot.
    """

    version: str
    open_for: timedelta
    hold_ends_before_start: timedelta
    look_again_after: timedelta
    windows: dict[int, timedelta | None]
    near_first: frozenset[int]

    def level_of(self, care_level: int) -> int | None:
        """The highest level of the policy that the care level reaches, if any."""
        return max((level for level in self.windows if level <= care_level), default=None)

    def latest_start(self, level: int, now: datetime) -> datetime:
        """Slots of this level start before this moment."""
        window = self.windows[level]
        return end_of_day(now) if window is None else now + window

    def hold_ends(self, starts_at: datetime) -> datetime:
        """When a slot that starts then is no longer held for an unanswered offer."""
        return starts_at - self.hold_ends_before_start


def load_offer_policy(path: Path | None = None) -> OfferPolicy:
    """Read a policy file; raises msgspec.ValidationError where it is not one."""
    found = msgspec.json.decode((path or DEFAULT).read_bytes(), type=_PolicyFile)
    if any(int(level) <= NO_CARE for level in found.levels):
        raise msgspec.ValidationError(f"`levels` begin above {NO_CARE}, which is no care at all")
    return OfferPolicy(
        version=f"{found.id}-{found.version}",
        open_for=timedelta(hours=found.open_hours),
        hold_ends_before_start=timedelta(minutes=found.hold_ends_minutes_before_start),
        look_again_after=timedelta(minutes=found.look_again_minutes),
        windows={int(level): _window(each) for level, each in found.levels.items()},
        near_first=frozenset(int(level) for level, each in found.levels.items() if each.near_first),
    )


def _window(level: _LevelFile) -> timedelta | None:
    if level.same_day:
        return None
    if level.within_days is None:
        raise msgspec.ValidationError("a level needs `within_days` or `same_day`")
    return timedelta(days=level.within_days)
