"""Whom to page, in which order and when: read off the shifts, tier by tier."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.booking.rosters.domain import Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One officer and when to page them, unless the case is acknowledged before."""

    officer: UUID
    tier: int
    due_at: datetime


def chain_for(
    shifts: Iterable[Shift],
    *,
    unit: str,
    since: datetime,
    now: datetime,
    marks: Sequence[timedelta],
) -> tuple[Page, ...]:
    """The officers to page for a case of this unit, whose paging began at `since`.

    Each place of the chain is filled by the lowest tier that has somebody on duty when its mark
    comes, so an uncovered tier delays nobody. Officers of other districts are better than none:
    where no shift serves the unit, all do. Empty: nobody is rostered.
    """
    known = list(shifts)
    own = [each for each in known if each.serves(unit)]
    return _chain(own, since, now, marks) or _chain(known, since, now, marks)


def _chain(
    shifts: Sequence[Shift], since: datetime, now: datetime, marks: Sequence[timedelta]
) -> tuple[Page, ...]:
    pages: list[Page] = []
    places = list(marks)
    for tier in sorted({each.tier for each in shifts}):
        if not places:
            break
        due_at = max(now, since + places[0])
        officers = _on_duty(shifts, tier, due_at) - {page.officer for page in pages}
        if officers:
            places.pop(0)
        pages += [Page(officer=each, tier=tier, due_at=due_at) for each in sorted(officers)]
    return tuple(pages)


def _on_duty(shifts: Sequence[Shift], tier: int, moment: datetime) -> set[UUID]:
    return {each.officer for each in shifts if each.tier == tier and each.covers(moment)}
