"""Throttling of failed sign-ins: growing pauses per account, then per address; never a lock.

A known device counts by itself, so that whoever guesses elsewhere keeps nobody out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.chassis.errors import TooManyRequests


class TooManyFailures(TooManyRequests):
    """Too many failed sign-ins; `Retry-After` says when the next is looked at."""

    code = "too-many-failures"
    title = "Too many failed attempts; wait a little"


@dataclass(frozen=True, slots=True)
class Failures:
    """How often in a row, and when last."""

    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Limit:
    """After `free` failures each next try waits, twice as long as the one before."""

    free: int
    first_pause: timedelta
    longest_pause: timedelta
    forgotten_after: timedelta

    def pause(self, failures: Failures | None, now: datetime) -> timedelta:
        """How long the next try has still to wait."""
        if failures is None or self.forgotten(failures, now) or failures.count < self.free:
            return timedelta(0)
        doublings = min(failures.count - self.free, 20)
        pause = min(self.first_pause * (1 << doublings), self.longest_pause)
        return max(failures.last_at + pause - now, timedelta(0))

    def forgotten(self, failures: Failures, now: datetime) -> bool:
        """Whether so much time has passed that counting starts again."""
        return now - failures.last_at >= self.forgotten_after


ACCOUNT = Limit(5, timedelta(seconds=30), timedelta(minutes=15), timedelta(hours=1))
ADDRESS = Limit(50, timedelta(seconds=30), timedelta(minutes=15), timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Counter:
    """A keyed digest of what failures are counted for, and its limit."""

    key: bytes
    limit: Limit


def check_pauses(pauses: Sequence[timedelta]) -> None:
    """Raise TooManyFailures for the longest of them, if any is left."""
    longest = max(pauses, default=timedelta(0))
    if longest > timedelta(0):
        seconds = int(longest.total_seconds()) + 1
        raise TooManyFailures(
            headers={"Retry-After": str(seconds)}, members={"retry_after": seconds}
        )
