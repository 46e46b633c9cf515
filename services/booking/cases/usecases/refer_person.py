"""Record the advice to see a medical institution, or the referral to one."""

from dataclasses import dataclass
from uuid import UUID

from services.booking.cases.keeping import case_in_reach, keep, seal_note
from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.ports import CaseWork
from services.booking.cases.steps import Reaction, ReferralKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferPerson:
    """`wording`: the version of the advice's text that was given."""

    case: UUID
    by: UUID
    kind: ReferralKind
    reaction: Reaction
    wording: str
    note: str | None = None
    in_care_only: bool = False


def refer_person(command: ReferPerson, *, uow: CaseWork, policy: CrisisPolicy) -> None:
    """Raises NoSuchCase or CaseIsClosed."""
    with uow:
        case = case_in_reach(uow, command.case, command.by, in_care_only=command.in_care_only)
        case.refer(
            command.by,
            command.kind,
            command.reaction,
            wording=command.wording,
            note=seal_note(uow, case, command.note),
            now=uow.now(),
            policy=policy,
        )
        keep(uow, case, policy)
        uow.commit()
