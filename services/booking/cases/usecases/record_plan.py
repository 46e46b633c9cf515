"""Write down the safety plan and who answers for it."""

from dataclasses import dataclass
from uuid import UUID

from services.booking.cases.keeping import case_in_reach, keep, seal_note
from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.ports import CaseWork
from services.booking.cases.steps import Level
from services.booking.cases.usecases.hand_over_case import TAKERS
from services.booking.staff import Staff, holding


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPlan:
    """`plan`: warning signs, what helps, whom to call; sealed with the person's key."""

    case: UUID
    by: UUID
    responsible: UUID
    plan: str
    level: Level | None = None
    in_care_only: bool = False


def record_plan(command: RecordPlan, *, uow: CaseWork, staff: Staff, policy: CrisisPolicy) -> None:
    """Raises NoSuchCase, NotSuchStaff, CaseIsClosed or NotContactedYet."""
    # Whoever is named may read the case from now on. One's own plan waits for nobody.
    named = staff.member(command.responsible) if command.responsible != command.by else None
    with uow:
        case = case_in_reach(uow, command.case, command.by, in_care_only=command.in_care_only)
        if command.responsible != command.by:
            holding(named, TAKERS, field="responsible")
        case.record_plan(
            command.by,
            command.responsible,
            level=command.level,
            note=seal_note(uow, case, command.plan),
            now=uow.now(),
            policy=policy,
        )
        keep(uow, case, policy)
        uow.commit()
