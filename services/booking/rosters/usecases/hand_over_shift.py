"""Give a shift, or what is left of it, to another officer."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from services.booking.cases.policy import Roster
from services.booking.rosters.domain import Shift, officers_of
from services.booking.rosters.ports import RosterWork
from services.booking.rosters.usecases.plan_shifts import check_free, check_reach
from services.booking.staff import Staff, holding


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverShift:
    """`reach`: the planner's own subtree, None for the city."""

    shift: UUID
    officer: UUID
    reach: str | None


def hand_over_shift(
    command: HandOverShift,
    *,
    uow: RosterWork,
    staff: Staff,
    policy: Roster,
    new_id: Callable[[], UUID],
) -> Shift:
    """The new officer's shift; raises NotSuchStaff and the refusals of planning and the shift."""
    # Before the transaction: no row stays locked while accounts is asked.
    officer = staff.member(command.officer)
    with uow:
        shift = uow.rosters.get(command.shift)
        check_reach(shift.unit, command.reach)
        holding(officer, officers_of(shift.tier, policy.tiers), field="officer")
        uow.rosters.lock_officer(command.officer)
        taken = shift.taken_over(command.officer, uow.now(), shift_id=new_id())
        check_free([taken], uow.rosters.between(taken.starts_at, taken.ends_at))
        ended = shift.ended(uow.now())
        if ended is None:
            uow.rosters.remove(shift.id)
        else:
            uow.rosters.save(ended)
        uow.rosters.save(taken)
        uow.commit()
    return taken
