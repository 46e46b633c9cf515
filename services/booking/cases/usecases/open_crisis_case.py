"""Open a crisis case under the id that assessment minted, or add the signal to the open one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.booking.cases.domain import Case
from services.booking.cases.keeping import keep, new_case
from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.ports import CaseWork
from services.booking.cases.steps import Signal
from services.contracts.assessment import FlagSource


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCrisisCase:
    """A crisis signal about a person, or about nobody who is known (`person` None)."""

    case: UUID
    person: UUID | None
    unit: str
    source: FlagSource
    rule: str
    at: datetime
    acute: bool = False
    callback: bool = False
    drill: bool = False


def open_crisis_case(command: OpenCrisisCase, *, uow: CaseWork, policy: CrisisPolicy) -> None:
    """Opens, re-opens or joins; what else is open for the person goes into this case."""
    with uow:
        uow.cases.lock_opening(command.person or command.case)
        _take_over_others(command, uow, policy)
        case = uow.cases.find(command.case)
        signal = _signal(command)
        if case is None:
            case = _new_case(command, uow)
            case.begin_crisis(signal, uow.now(), policy)
        else:
            if not case.is_open:
                case.correlation_id = uow.correlation_id
            case.take_signal(signal, uow.now(), policy)
        keep(uow, case, policy)
        uow.commit()


def _new_case(command: OpenCrisisCase, uow: CaseWork) -> Case:
    return new_case(
        uow,
        command.case,
        person=command.person,
        unit=command.unit,
        source=command.source,
        crisis=True,
        drill=command.drill,
    )


def _signal(command: OpenCrisisCase) -> Signal:
    return Signal(
        source=command.source,
        rule=command.rule,
        at=command.at,
        acute=command.acute,
        callback=command.callback,
        drill=command.drill,
    )


def _take_over_others(command: OpenCrisisCase, uow: CaseWork, policy: CrisisPolicy) -> None:
    """A care case, or one a counsellor opened, ends in the crisis case, so that one clock runs."""
    if command.person is None or command.drill:
        return
    other = uow.cases.open_of(command.person)
    if other is not None and other.id != command.case:
        other.join(command.case, uow.now())
        keep(uow, other, policy)
