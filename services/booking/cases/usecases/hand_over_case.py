"""Give a case to another officer at the end of a shift."""

from dataclasses import dataclass
from uuid import UUID

from services.booking.cases.keeping import case_in_reach, keep, seal_note
from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.ports import CaseWork
from services.booking.staff import Staff, holding
from services.chassis.access import Role

TAKERS = frozenset({Role.DUTY, Role.COUNSELLOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverCase:
    """Who gives it, and to whom."""

    case: UUID
    by: UUID
    to: UUID
    note: str | None = None
    in_care_only: bool = False


def hand_over_case(
    command: HandOverCase, *, uow: CaseWork, staff: Staff, policy: CrisisPolicy
) -> None:
    """Raises NoSuchCase, NotSuchStaff or CaseIsClosed."""
    # Before the transaction: no row stays locked while accounts is asked.
    taker = staff.member(command.to)
    with uow:
        case = case_in_reach(uow, command.case, command.by, in_care_only=command.in_care_only)
        holding(taker, TAKERS, field="to")
        case.hand_over(
            command.by,
            command.to,
            note=seal_note(uow, case, command.note),
            now=uow.now(),
            policy=policy,
        )
        keep(uow, case, policy)
        uow.commit()
