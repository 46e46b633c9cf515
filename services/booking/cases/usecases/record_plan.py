"""Write down the safety plan and who answers for it."""

from dataclasses import dataclass
from uuid import UUID

from services.booking.cases.keeping import case_in_reach, keep, seal_note
from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.ports import CaseWork
from services.booking.cases.steps import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPlan:
    """`plan`: warning signs, what helps, whom to call; sealed with the person's key."""

    case: UUID
    by: UUID
    responsible: UUID
    plan: str
    level: Level | None = None
    in_care_only: bool = False


def record_plan(command: RecordPlan, *, uow: CaseWork, policy: CrisisPolicy) -> None:
    """Raises NoSuchCase, CaseIsClosed or NotContactedYet."""
    with uow:
        case = case_in_reach(uow, command.case, command.by, in_care_only=command.in_care_only)
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
