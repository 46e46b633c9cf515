"""The crisis policy: every time limit of the protocol, as versioned data a clinical lead signs."""

from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import msgspec

DEFAULT_POLICY = Path(__file__).parents[1] / "policy" / "crisis-1.0.0.json"

Count = Annotated[int, msgspec.Meta(ge=1)]
Amount = Annotated[int, msgspec.Meta(ge=0)]


class PolicyNotUsable(ValueError):
    """The file is not a crisis policy, nobody has signed it, or it changed since."""


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the policy; a misspelt limit is refused instead of ignored."""


class Paging(_Part, frozen=True):
    """When each tier is paged, counted from the start of paging, and how long a page may take."""

    minutes: Annotated[tuple[Amount, ...], msgspec.Meta(min_length=2)]
    watch_seconds: Count
    watch_longest_seconds: Count

    def marks(self) -> tuple[timedelta, ...]:
        """The waiting time of each place in the chain."""
        return tuple(timedelta(minutes=each) for each in self.minutes)

    def watch(self, attempt: int) -> timedelta:
        """How long to wait for a page to leave; doubled with each attempt, up to the longest."""
        seconds = self.watch_seconds * 2 ** min(attempt, 10)
        return timedelta(seconds=min(seconds, self.watch_longest_seconds))


class Contact(_Part, frozen=True):
    """By when somebody speaks with the person, and what happens while nobody reaches them."""

    minutes: Count
    acute_minutes: Count
    again_minutes: Count
    least_attempts: Count
    least_channels: Count
    signal_quiet_minutes: Amount

    def within(self, *, acute: bool) -> timedelta:
        """The limit for the first contact."""
        return timedelta(minutes=self.acute_minutes if acute else self.minutes)


class Plan(_Part, frozen=True):
    """By when a safety plan is written after contact."""

    hours: Count


class FollowUp(_Part, frozen=True):
    """The rhythm of follow-ups after the plan."""

    first_from_hours: Amount
    first_by_hours: Count
    second_by_days: Count
    weekly: Amount
    then_every_days: Count
    again_hours: Count


class Late(_Part, frozen=True):
    """How long a late step may take once somebody took it; how often a care case reminds."""

    taken_minutes: Count
    remind_hours: Count


class Closing(_Part, frozen=True):
    """How long a request to close waits for the second person."""

    confirm_hours: Count


class CareLevel(_Part, frozen=True):
    """The limits of a case that is no crisis."""

    contact_days: Amount
    working_days: bool
    referral_days: Amount
    follow_up_days: Count


class Care(_Part, frozen=True):
    """From which care level on a completed response opens a case, and its limits."""

    from_level: Count
    levels: dict[str, CareLevel]
    least_hours: Count

    def level(self, level: int) -> CareLevel:
        """The limits of a level; a level above the table has those of the highest."""
        known = max(int(each) for each in self.levels)
        return self.levels[str(min(level, known))]


class Roster(_Part, frozen=True):
    """The tiers that must be covered at every hour, and how far ahead gaps are looked for."""

    tiers: Annotated[tuple[Count, ...], msgspec.Meta(min_length=1)]
    look_ahead_hours: Count
    longest_shift_hours: Count


class Signature(_Part, frozen=True):
    """Who answers for the policy, since when, and the fingerprint of what they signed."""

    name: Annotated[str, msgspec.Meta(min_length=2)]
    role: str
    on: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class CrisisPolicy(_Part, frozen=True):
    """The whole crisis part of the care policy."""

    name: str
    version: str
    paging: Paging
    contact: Contact
    plan: Plan
    follow_up: FollowUp
    late: Late
    closing: Closing
    care: Care
    roster: Roster
    signed_by: Signature | None = None
    sources: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Name and version, as each case pins them."""
        return f"{self.name} {self.version}"

    def fingerprint(self) -> str:
        """SHA-256, in hex, of the whole policy without its signature."""
        unsigned = msgspec.structs.replace(self, signed_by=None)
        return sha256(msgspec.json.encode(unsigned, order="deterministic")).hexdigest()


def load_crisis_policy(path: Path | None = None, *, embedded: bool) -> CrisisPolicy:
    """The policy of a file (the one shipped, if none is given); unsigned only when embedded."""
    source = path or DEFAULT_POLICY
    try:
        policy = msgspec.json.decode(source.read_bytes(), type=CrisisPolicy)
    except (msgspec.MsgspecError, OSError) as error:
        raise PolicyNotUsable(f"{source}: {error}") from error
    _check(policy, source)
    if not embedded:
        _check_signature(policy, source)
    return policy


def _check_signature(policy: CrisisPolicy, source: Path) -> None:
    if policy.signed_by is None:
        raise PolicyNotUsable(
            f"{source}: nobody has signed these times; the clinical lead signs a copy that "
            "BOOKING_CRISIS_POLICY points to: python -m services.booking.cases.sign"
        )
    if policy.signed_by.sha256 != policy.fingerprint():
        raise PolicyNotUsable(f"{source}: this is not what {policy.signed_by.name} signed")


def _check(policy: CrisisPolicy, source: Path) -> None:
    minutes = policy.paging.minutes
    if minutes[0] != 0 or any(a >= b for a, b in pairwise(minutes)):
        raise PolicyNotUsable(f"{source}: paging.minutes start at 0 and rise")
    if policy.contact.acute_minutes > policy.contact.minutes:
        raise PolicyNotUsable(f"{source}: the acute contact limit is longer than the ordinary one")
    if not {str(policy.care.from_level)} <= set(policy.care.levels):
        raise PolicyNotUsable(f"{source}: care.levels lacks care.from_level")
