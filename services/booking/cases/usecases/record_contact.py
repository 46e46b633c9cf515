"""Log an attempt to speak with the person, whether it reached them or not."""

from dataclasses import dataclass
from uuid import UUID

from services.booking.cases.keeping import case_in_reach, keep, seal_note
from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.ports import CaseWork
from services.booking.cases.steps import ContactChannel, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordContact:
    """`level`: what the structured assessment found, where there was one."""

    case: UUID
    by: UUID
    channel: ContactChannel
    reached: bool
    level: Level | None = None
    note: str | None = None
    in_care_only: bool = False


def record_contact(command: RecordContact, *, uow: CaseWork, policy: CrisisPolicy) -> None:
    """Raises NoSuchCase or CaseIsClosed."""
    with uow:
        case = case_in_reach(uow, command.case, command.by, in_care_only=command.in_care_only)
        case.record_contact(
            command.by,
            command.channel,
            reached=command.reached,
            level=command.level,
            note=seal_note(uow, case, command.note),
            now=uow.now(),
            policy=policy,
        )
        keep(uow, case, policy)
        uow.commit()
