"""Put an officer on the roster, for one stretch of time or for the same hours on several days."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.booking.cases.policy import Roster
from services.booking.rosters.domain import Shift, ShiftOverlaps, UnitNotYours, officers_of
from services.booking.rosters.ports import RosterWork
from services.booking.staff import Staff, holding
from services.booking.units import within


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanShifts:
    """`days`: on how many days in a row; `reach`: the planner's own subtree, None for the city."""

    officer: UUID
    tier: int
    unit: str
    starts_at: datetime
    ends_at: datetime
    reach: str | None
    days: int = 1


def plan_shifts(
    command: PlanShifts,
    *,
    uow: RosterWork,
    staff: Staff,
    policy: Roster,
    new_id: Callable[[], UUID],
) -> Sequence[Shift]:
    """The shifts; none where it raises ShiftTooLong, ShiftOverlaps, UnitNotYours, NotSuchStaff."""
    check_reach(command.unit, command.reach)
    first = _first_shift(command, new_id())
    first.check_length(timedelta(hours=policy.longest_shift_hours))
    allowed = officers_of(command.tier, policy.tiers)
    holding(staff.member(command.officer), allowed, field="officer")
    shifts = [first, *(first.on_day(day, shift_id=new_id()) for day in range(1, command.days))]
    with uow:
        uow.rosters.lock_officer(command.officer)
        check_free(shifts, uow.rosters.between(first.starts_at, shifts[-1].ends_at))
        for shift in shifts:
            uow.rosters.save(shift)
        uow.commit()
    return shifts


def check_reach(unit: str, reach: str | None) -> None:
    """Raises UnitNotYours."""
    if reach is not None and not within(unit, reach):
        raise UnitNotYours


def check_free(shifts: Sequence[Shift], planned: Sequence[Shift]) -> None:
    """Raises ShiftOverlaps."""
    everyone = [*planned, *shifts]
    if any(a.overlaps(b) for a in shifts for b in everyone if a.id != b.id):
        raise ShiftOverlaps


def _first_shift(command: PlanShifts, shift_id: UUID) -> Shift:
    return Shift(
        id=shift_id,
        officer=command.officer,
        tier=command.tier,
        unit=command.unit,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
    )
