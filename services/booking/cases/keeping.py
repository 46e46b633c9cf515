"""What every change of a case leaves behind in its transaction: the row, events, timers."""

from datetime import timedelta
from uuid import UUID

from services.booking.cases.clock import NOT_REACHED
from services.booking.cases.domain import Case
from services.booking.cases.errors import NoSuchCase
from services.booking.cases.events import Escalated, Opened, Overdue
from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.ports import CaseWork
from services.booking.cases.publishing import publish_changes
from services.contracts.assessment import FlagSource

CASE_DUE = "case-due"
PAGE_WATCH = "case-page-watch"
IN_CARE_FOR = timedelta(days=180)


def new_case(
    work: CaseWork,
    case_id: UUID,
    *,
    person: UUID | None,
    unit: str,
    source: FlagSource,
    crisis: bool,
    drill: bool = False,
) -> Case:
    """A case that nothing has happened to yet; it belongs to the present loop."""
    return Case(
        id=case_id,
        person=person,
        unit=unit,
        correlation_id=work.correlation_id,
        crisis=crisis,
        source=source,
        first_opened_at=work.now(),
        opened_at=work.now(),
        drill=drill,
    )


def load_case(work: CaseWork, case_id: UUID) -> Case:
    """The case, locked; what happens to it now continues its own loop."""
    case = work.cases.get(case_id)
    work.follow(case.correlation_id)
    return case


def case_in_reach(work: CaseWork, case_id: UUID, by: UUID, *, in_care_only: bool) -> Case:
    """As `load_case`; raises NoSuchCase for a counsellor who has nothing to do with the person."""
    case = load_case(work, case_id)
    if in_care_only and not _cares(work, case, by):
        raise NoSuchCase
    return case


def keep(work: CaseWork, case: Case, policy: CrisisPolicy, *, watch: int = 0) -> None:
    """Store the case, publish what happened and set its timers anew.

    `watch`: how many pages in a row have not left so far.
    """
    paged = any(_pages(case, event) for event in case.happened)
    work.cases.save(case)
    publish_changes(work, case, policy)
    if case.next_due_at is None:
        work.timers.cancel(CASE_DUE, str(case.id))
    else:
        work.timers.set(CASE_DUE, str(case.id), case.next_due_at)
    if not case.is_paging:
        work.timers.cancel(PAGE_WATCH, str(case.id))
    elif paged:
        due_at = work.now() + policy.paging.watch(watch)
        work.timers.set(PAGE_WATCH, str(case.id), due_at, {"attempt": watch})


def seal_note(work: CaseWork, case: Case, text: str | None) -> bytes | None:
    """Words about a person, sealed with the person's key."""
    if not text:
        return None
    return work.vault.seal(case.person, text.encode(), note_context(case.id))


def open_note(work: CaseWork, case_id: UUID, person: UUID | None, sealed: bytes) -> str:
    """The words; raises CannotOpen once the person was erased."""
    return work.vault.open(person, sealed, note_context(case_id)).decode()


def note_context(case_id: UUID) -> str:
    """What a sealed note is bound to, so that it opens in its own case only."""
    return f"case-note:{case_id}"


def _pages(case: Case, event: object) -> bool:
    match event:
        case Opened():
            return case.crisis
        case Overdue(_, paged):
            return paged
        case Escalated(_, reason):
            return reason == NOT_REACHED
        case _:
            return False


def _cares(work: CaseWork, case: Case, by: UUID) -> bool:
    if by in {case.acknowledged_by, case.responsible}:
        return True
    since = work.now() - IN_CARE_FOR
    return case.person is not None and work.cases.in_care(by, case.person, since)
