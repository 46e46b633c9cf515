"""Look ahead for hours that nobody covers, and say so once for each."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.booking.rosters.gaps import Gap, Hours, filled, news, uncovered
from services.booking.rosters.ports import RosterWork
from services.booking.rosters.publishing import publish_gap


def find_gaps(
    *,
    uow: RosterWork,
    tiers: Sequence[int],
    ahead: timedelta,
    new_id: Callable[[], UUID],
) -> list[Gap]:
    """Reports and returns the gaps that are new; those reported before grow, or are filled."""
    with uow:
        now = uow.now()
        shifts = uow.rosters.between(now, now + ahead)
        found = uncovered(shifts, tiers=tiers, starts_at=now, ends_at=now + ahead)
        known = uow.rosters.open_gaps()
        reported = [_report(uow, hours, new_id()) for hours in news(found, known)]
        _keep_up(uow, found, known, now)
        uow.commit()
    return reported


def _report(uow: RosterWork, hours: Hours, gap_id: UUID) -> Gap:
    gap = Gap(id=gap_id, tier=hours.tier, starts_at=hours.starts_at, ends_at=hours.ends_at)
    uow.rosters.save_gap(gap)
    publish_gap(uow, gap)
    return gap


def _keep_up(uow: RosterWork, found: Sequence[Hours], known: Sequence[Gap], now: datetime) -> None:
    over = filled(found, known)
    for gap in over:
        uow.rosters.fill_gap(gap.id, now)
    for gap in known:
        grown = gap.grown(found)
        if gap not in over and grown != gap:
            uow.rosters.save_gap(grown)
