"""What counting needs to remember."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.chassis.work import Work
from services.reporting.calendar import Month
from services.reporting.counting.entry import Entry
from services.reporting.counting.tally import Tally

MonthEvents = Mapping[tuple[str, Month], int]
"""How many events of a city's month came in."""


class Ledger(Protocol):
    """The append-only list of what happened."""

    def append(self, entries: Sequence[Entry]) -> list[Entry]:
        """Add the entries; returns those that were not there before."""
        ...

    def forget(self, people: Sequence[UUID]) -> None:
        """Take these pseudonyms out; what was counted stays counted."""
        ...


class Counters(Protocol):
    """The numbers that views are made of."""

    def hold_still(self) -> None:
        """Wait for a rebuild to end, and keep the next one waiting for this transaction."""
        ...

    def add(self, tally: Tally) -> None:
        """Change the counters."""
        ...

    def merge_cases(self, entries: Sequence[Entry]) -> None:
        """Change what is known of crisis cases, and the histograms with it."""
        ...

    def note_months(self, events: MonthEvents, now: datetime) -> int:
        """Note that months were counted in; returns how many events came for closed ones."""
        ...


class CountingWork(Work, Protocol):
    """The unit of work of counting."""

    @property
    def ledger(self) -> Ledger:
        """What happened."""
        ...

    @property
    def counters(self) -> Counters:
        """The numbers."""
        ...
