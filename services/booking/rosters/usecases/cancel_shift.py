"""Take a shift off the roster; one that has begun ends now and stays on record."""

from dataclasses import dataclass
from uuid import UUID

from services.booking.rosters.ports import RosterWork
from services.booking.rosters.usecases.plan_shifts import check_reach


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelShift:
    """`reach`: the planner's own subtree, None for the city."""

    shift: UUID
    reach: str | None


def cancel_shift(command: CancelShift, *, uow: RosterWork) -> None:
    """Raises NoSuchShift, UnitNotYours or ShiftIsOver."""
    with uow:
        shift = uow.rosters.get(command.shift)
        check_reach(shift.unit, command.reach)
        ended = shift.ended(uow.now())
        if ended is None:
            uow.rosters.remove(shift.id)
        else:
            uow.rosters.save(ended)
        uow.commit()
