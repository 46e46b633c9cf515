"""Crisis cases and their clocks: what is known of a case, merged from its events in any order."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from services.contracts.booking import CaseAcknowledgedV1, CaseContactedV1, CaseOpenedV1
from services.reporting.calendar import Month
from services.reporting.counting.codes import ACKNOWLEDGED, CONTACTED, CRISIS_CASES
from services.reporting.counting.entry import Entry
from services.reporting.units import root_of

T = TypeVar("T", int, datetime)

TENTHS = 10
EXACT_TENTHS = 600


@dataclass(frozen=True, slots=True)
class CaseClock:
    """One case. Each field only ever moves one way, so that merging is order-free and idempotent:
    the earliest opening, the shortest times, a drill for ever."""

    case: UUID
    root: str
    opened_at: datetime | None = None
    drill: bool = False
    acknowledged: int | None = None
    contacted: int | None = None
    bucket: int | None = None

    def merge(self, other: "CaseClock") -> "CaseClock":
        """What both know of the case."""
        return CaseClock(
            self.case,
            min(self.root, other.root),
            _least(self.opened_at, other.opened_at),
            self.drill or other.drill,
            _least(self.acknowledged, other.acknowledged),
            _least(self.contacted, other.contacted),
            _least(self.bucket, other.bucket),
        )

    def figures(self) -> Counter["CaseFigure"]:
        """What it adds to the city's figures: itself, and each time taken; nothing for a drill."""
        if self.opened_at is None or self.drill:
            return Counter()
        month = Month.of(self.opened_at)
        found = Counter([CaseFigure(month, self.root, CRISIS_CASES, 0)])
        for code, seconds in ((ACKNOWLEDGED, self.acknowledged), (CONTACTED, self.contacted)):
            if seconds is not None:
                found[CaseFigure(month, self.root, code, tenths_of_minutes(seconds))] += 1
        return found


@dataclass(frozen=True, slots=True, order=True)
class CaseFigure:
    """A place in the histogram of a month: how many cases took this many tenths of minutes."""

    month: Month
    root: str
    code: str
    tenths: int


def tenths_of_minutes(seconds: int) -> int:
    """To the tenth up to an hour, to the minute above, so that histograms stay small."""
    tenths = max(0, round(seconds * TENTHS / 60))
    return tenths if tenths <= EXACT_TENTHS else round(tenths / TENTHS) * TENTHS


def clock_of(entry: Entry) -> CaseClock | None:
    """What an event says about a crisis case; None where it says nothing.

    Only a crisis opening sets the opening, so a care case that never becomes a crisis, whoever
    acknowledges it, adds nothing.
    """
    facts = entry.facts
    seconds = int(facts["seconds"]) if "seconds" in facts else None
    drill = "drill" in facts
    case, root = entry.subject, root_of(entry.unit)
    if entry.kind == CaseOpenedV1.type:
        opened = entry.at if "crisis" in facts else None
        return CaseClock(UUID(case), root, opened, drill, bucket=entry.bucket)
    if entry.kind == CaseAcknowledgedV1.type:
        return CaseClock(UUID(case), root, drill=drill, acknowledged=seconds)
    if entry.kind == CaseContactedV1.type and "reached" in facts:
        return CaseClock(UUID(case), root, drill=drill, contacted=seconds)
    return None


def merged(clocks: Mapping[UUID, CaseClock], entries: list[Entry]) -> dict[UUID, CaseClock]:
    """The clocks with what the entries add to them."""
    found = dict(clocks)
    for entry in entries:
        clock = clock_of(entry)
        if clock is not None:
            known = found.get(clock.case)
            found[clock.case] = clock if known is None else known.merge(clock)
    return found


def median_minutes(histogram: Mapping[int, int]) -> float | None:
    """The median of a histogram of tenths of minutes, in minutes; None without cases."""
    total = sum(histogram.values())
    if not total:
        return None
    middle = [_at(histogram, (total - 1) // 2), _at(histogram, total // 2)]
    return round(sum(middle) / 2 / TENTHS, 1)


def _at(histogram: Mapping[int, int], rank: int) -> int:
    for tenths in sorted(histogram):
        rank -= histogram[tenths]
        if rank < 0:
            return tenths
    raise IndexError(rank)


def _least(one: T | None, other: T | None) -> T | None:
    known = [each for each in (one, other) if each is not None]
    return min(known, default=None)
