"""What the roster's use cases need from storage and from their transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.booking.ports import Work
from services.booking.rosters.domain import Shift
from services.booking.rosters.gaps import Gap


class Rosters(Protocol):
    """The shifts, and the gaps that were reported and are not yet filled."""

    def get(self, shift: UUID) -> Shift:
        """Locked until the transaction ends; raises NoSuchShift."""
        ...

    def between(self, starts_at: datetime, ends_at: datetime) -> Sequence[Shift]:
        """Every shift that touches the stretch, by start."""
        ...

    def lock_officer(self, officer: UUID) -> None:
        """Nobody else plans for this officer until the transaction ends."""
        ...

    def save(self, shift: Shift) -> None:
        """Add it, or replace the one of the same id."""
        ...

    def remove(self, shift: UUID) -> None:
        """Take it off the roster."""
        ...

    def open_gaps(self) -> Sequence[Gap]:
        """Every reported gap that is not filled."""
        ...

    def save_gap(self, gap: Gap) -> None:
        """Add it, or replace the one of the same id."""
        ...

    def fill_gap(self, gap: UUID, at: datetime) -> None:
        """It is over."""
        ...


class RosterWork(Work, Protocol):
    """One transaction of the roster."""

    @property
    def rosters(self) -> Rosters: ...

    def now(self) -> datetime: ...
