"""A response whose care level asks for more than an offer: a case with follow-ups and advice."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from services.booking.cases.domain import Case
from services.booking.cases.keeping import keep, new_case
from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.ports import CaseWork
from services.contracts.assessment import FlagSource, ResponseCompletedV1
from services.contracts.envelope import Envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCareCase:
    """A completed response of a known person."""

    person: UUID
    unit: str
    care_level: int


def consider_response(event: Envelope, *, uow: CaseWork, policy: CrisisPolicy) -> None:
    """What a completed response asks of the cases.

    A response with a crisis signal carries a case id: its own flag opens that case.
    """
    data = event.data
    if not isinstance(data, ResponseCompletedV1) or data.person is None or data.case is not None:
        return
    command = OpenCareCase(person=data.person, unit=event.unit, care_level=data.care_level)
    open_care_case(command, uow=uow, policy=policy, new_id=uuid4)


def open_care_case(
    command: OpenCareCase, *, uow: CaseWork, policy: CrisisPolicy, new_id: Callable[[], UUID]
) -> Case | None:
    """The care case, or the person's open case that took the response; None below the level."""
    if command.care_level < policy.care.from_level:
        return None
    with uow:
        uow.cases.lock_opening(command.person)
        case = uow.cases.open_of(command.person)
        if case is None:
            case = _new_case(command, uow, new_id())
            case.begin_care(command.care_level, uow.now(), policy)
        else:
            case.take_response(command.care_level, uow.now(), policy)
        keep(uow, case, policy)
        uow.commit()
    return case


def _new_case(command: OpenCareCase, uow: CaseWork, case_id: UUID) -> Case:
    return new_case(
        uow,
        case_id,
        person=command.person,
        unit=command.unit,
        source=FlagSource.RESPONSE,
        crisis=False,
    )
