"""Close a case with four eyes: one person asks, another confirms or refuses."""

from dataclasses import dataclass
from uuid import UUID

from services.booking.cases.keeping import case_in_reach, keep, load_case, seal_note
from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.ports import CaseWork
from services.booking.cases.steps import CloseReason


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestClose:
    """Who says that it is over, and why."""

    case: UUID
    by: UUID
    reason: CloseReason
    note: str | None = None
    in_care_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerClose:
    """The second person's word on a request to close."""

    case: UUID
    by: UUID
    agreed: bool
    note: str | None = None


def request_close(command: RequestClose, *, uow: CaseWork, policy: CrisisPolicy) -> None:
    """Raises NoSuchCase, CaseIsClosed, NotContactedYet, AttemptsMissing or NoDrill."""
    with uow:
        case = case_in_reach(uow, command.case, command.by, in_care_only=command.in_care_only)
        case.request_close(
            command.by,
            command.reason,
            note=seal_note(uow, case, command.note),
            now=uow.now(),
            policy=policy,
        )
        keep(uow, case, policy)
        uow.commit()


def answer_close(command: AnswerClose, *, uow: CaseWork, policy: CrisisPolicy) -> None:
    """Raises NoSuchCase, CaseIsClosed, CloseNotRequested or SecondPersonNeeded."""
    with uow:
        case = load_case(uow, command.case)
        note = seal_note(uow, case, command.note)
        if command.agreed:
            case.confirm_close(command.by, note=note, now=uow.now())
        else:
            case.refuse_close(command.by, note=note, now=uow.now())
        keep(uow, case, policy)
        uow.commit()
