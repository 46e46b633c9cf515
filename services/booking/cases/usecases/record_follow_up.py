"""Log a follow-up, or an attempt at one."""

from dataclasses import dataclass
from uuid import UUID

from services.booking.cases.keeping import case_in_reach, keep, seal_note
from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.ports import CaseWork


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFollowUp:
    """A talk after the first one."""

    case: UUID
    by: UUID
    reached: bool
    note: str | None = None
    in_care_only: bool = False


def record_follow_up(command: RecordFollowUp, *, uow: CaseWork, policy: CrisisPolicy) -> None:
    """Raises NoSuchCase, CaseIsClosed, NotContactedYet or NotPlannedYet."""
    with uow:
        case = case_in_reach(uow, command.case, command.by, in_care_only=command.in_care_only)
        case.record_follow_up(
            command.by,
            reached=command.reached,
            note=seal_note(uow, case, command.note),
            now=uow.now(),
            policy=policy,
        )
        keep(uow, case, policy)
        uow.commit()
