"""A counsellor, or whoever took a hotline call, sees a person in danger and says so."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from services.booking.cases.domain import Case
from services.booking.cases.keeping import keep, new_case, seal_note
from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.ports import CaseWork
from services.booking.cases.steps import Signal
from services.contracts.assessment import FlagSource


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseFlag:
    """`person` None: a caller who did not say who they are. Nobody needs leave to raise a flag."""

    by: UUID
    person: UUID | None
    unit: str
    source: FlagSource
    acute: bool = False
    callback: bool = False
    drill: bool = False
    note: str | None = None


def raise_flag(
    command: RaiseFlag, *, uow: CaseWork, policy: CrisisPolicy, new_id: Callable[[], UUID]
) -> Case:
    """The new case, or the person's open one with the flag on its timeline."""
    with uow:
        case = _open_case(command, uow)
        if case is None:
            case = _new_case(command, uow, new_id())
            case.begin_crisis(_signal(command, case, uow), uow.now(), policy)
        else:
            case.take_signal(_signal(command, case, uow), uow.now(), policy)
        keep(uow, case, policy)
        uow.commit()
    return case


def _open_case(command: RaiseFlag, uow: CaseWork) -> Case | None:
    if command.person is None or command.drill:
        return None
    uow.cases.lock_opening(command.person)
    case = uow.cases.open_of(command.person)
    if case is not None:
        uow.follow(case.correlation_id)
    return case


def _new_case(command: RaiseFlag, uow: CaseWork, case_id: UUID) -> Case:
    return new_case(
        uow,
        case_id,
        person=command.person,
        unit=command.unit,
        source=command.source,
        crisis=True,
        drill=command.drill,
    )


def _signal(command: RaiseFlag, case: Case, uow: CaseWork) -> Signal:
    return Signal(
        source=command.source,
        rule="drill" if command.drill else f"{command.source}-flag",
        at=uow.now(),
        acute=command.acute,
        callback=command.callback,
        drill=command.drill,
        by=command.by,
        note=seal_note(uow, case, command.note),
    )
