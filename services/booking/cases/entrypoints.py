"""Routes of cases: the queue, one case, and what officers do with it."""

from typing import Any
from uuid import UUID, uuid4

from services.booking.cases.calls import CASE, CASES, KNOWN, caller_of
from services.booking.cases.closing_entrypoints import CaseClosingEntrypoints
from services.booking.cases.duty_status import duty_status
from services.booking.cases.errors import (
    CaseAlreadyAcknowledged,
    NoSuchCase,
    NotContactedYet,
    NotPlannedYet,
)
from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.queries import case_subject
from services.booking.cases.reactions import CaseReactions
from services.booking.cases.reading import read_case, read_queue, show_case
from services.booking.cases.schemas import (
    CaseListSchema,
    CaseQuerySchema,
    CaseSchema,
    ContactSchema,
    DrillSchema,
    DutyStatusSchema,
    FollowUpSchema,
    HandOverSchema,
    PlanSchema,
    RaiseFlagSchema,
    ReferralSchema,
)
from services.booking.cases.usecases.acknowledge_case import AcknowledgeCase, acknowledge_case
from services.booking.cases.usecases.hand_over_case import HandOverCase, hand_over_case
from services.booking.cases.usecases.raise_flag import RaiseFlag, raise_flag
from services.booking.cases.usecases.record_contact import RecordContact, record_contact
from services.booking.cases.usecases.record_follow_up import RecordFollowUp, record_follow_up
from services.booking.cases.usecases.record_plan import RecordPlan, record_plan
from services.booking.cases.usecases.refer_person import ReferPerson, refer_person
from services.booking.staff import NotSuchStaff, Staff
from services.booking.wiring import (
    BookingUnitOfWork,
    BookingUnitOfWorkProvider,
    CrisisPolicyProvider,
    StaffProvider,
)
from services.chassis.access import INTERNAL, Role
from services.chassis.clock import Clock
from services.chassis.container import ClockProvider
from services.chassis.database import Database, DatabaseProvider
from services.chassis.http import Request, http
from services.chassis.peers import PeerUnavailable
from services.contracts.assessment import FlagSource

WATCHERS = frozenset({Role.DUTY, Role.CLINICAL_LEAD})


class CaseEntrypoints(CaseReactions, CaseClosingEntrypoints):
    """Crisis and care cases, as duty, counsellors in care and clinical leads meet them."""

    uow: BookingUnitOfWork = BookingUnitOfWorkProvider()
    database: Database = DatabaseProvider()
    clock: Clock = ClockProvider()
    crisis_policy: CrisisPolicy = CrisisPolicyProvider()
    staff: Staff = StaffProvider()

    @http(
        "GET",
        "/api/booking/v1/duty/status",
        action="duty.status",
        answer=DutyStatusSchema,
        pool="crisis",
        summary="Who is on duty, what waits, and whether anybody would answer",
    )
    def show_duty_status(self, request: Request) -> dict[str, Any]:
        """Cheap enough to be asked for every few seconds; `queue` for duty and clinical leads."""
        queue = bool(WATCHERS & request.principal.roles)
        with self.database.reading() as connection:
            return duty_status(connection, self.crisis_policy, self.clock.now(), queue=queue)

    @http(
        "GET",
        "/internal/v1/cases/<uuid:case_id>",
        action=INTERNAL,
        callers=("accounts",),
        errors=(NoSuchCase,),
        pool="crisis",
        summary="Whose case it is, and whether it is open",
    )
    def tell_subject(self, _request: Request, case_id: UUID) -> dict[str, Any]:
        """Accounts asks before an officer reads how to reach the person."""
        with self.database.reading() as connection:
            return case_subject(connection, case_id)

    @http(
        "GET",
        CASES,
        action="case.read",
        query=CaseQuerySchema,
        answer=CaseListSchema,
        pool="crisis",
        summary="The queue, what is due first coming first",
    )
    def list_cases(self, request: Request) -> dict[str, Any]:
        """Open cases, unless states are named."""
        return read_queue(request.query, **caller_of(request), uow=self.uow)

    @http(
        "POST",
        CASES,
        action="case.flag",
        body=RaiseFlagSchema,
        answer=CaseSchema,
        status=201,
        pool="crisis",
        summary="Say that a person is in danger; opens a case or joins the open one",
    )
    def raise_flag(self, request: Request) -> dict[str, Any]:
        """Nobody needs the person in their care for it, so the answer tells no more than needed."""
        data = {**request.data, "unit": request.data["unit"] or request.principal.unit}
        return self._flag(RaiseFlag(by=request.principal.person, **data))

    @http(
        "POST",
        f"{CASES}/drills",
        action="case.drill",
        body=DrillSchema,
        answer=CaseSchema,
        status=201,
        pool="crisis",
        summary="Start a drill: the same chain, marked as a drill",
    )
    def start_drill(self, request: Request) -> dict[str, Any]:
        """A case about nobody."""
        command = RaiseFlag(
            by=request.principal.person,
            person=None,
            unit=request.data["unit"] or request.principal.unit,
            source=FlagSource.HOTLINE,
            acute=request.data["acute"],
            drill=True,
        )
        return self._flag(command)

    @http(
        "GET",
        CASE,
        action="case.read",
        answer=CaseSchema,
        errors=(NoSuchCase,),
        pool="crisis",
        summary="One case with its timeline and notes",
    )
    def show_case(self, request: Request, case_id: UUID) -> dict[str, Any]:
        """The read is noted in the audit log."""
        return read_case(case_id, **caller_of(request), uow=self.uow)

    @http(
        "POST",
        f"{CASE}/acknowledge",
        action="case.act",
        answer=CaseSchema,
        errors=(*KNOWN, CaseAlreadyAcknowledged),
        pool="crisis",
        summary="Take a case: the paging stops",
    )
    def acknowledge_case(self, request: Request, case_id: UUID) -> dict[str, Any]:
        """Twice by the same officer is once."""
        command = AcknowledgeCase(case=case_id, **caller_of(request))
        acknowledge_case(command, uow=self.uow, policy=self.crisis_policy)
        return show_case(case_id, uow=self.uow)

    @http(
        "POST",
        f"{CASE}/contacts",
        action="case.act",
        body=ContactSchema,
        answer=CaseSchema,
        status=201,
        errors=KNOWN,
        pool="crisis",
        summary="Log an attempt to speak with the person",
    )
    def record_contact(self, request: Request, case_id: UUID) -> dict[str, Any]:
        """Takes a case that nobody has taken."""
        command = RecordContact(case=case_id, **caller_of(request), **request.data)
        record_contact(command, uow=self.uow, policy=self.crisis_policy)
        return show_case(case_id, uow=self.uow)

    @http(
        "POST",
        f"{CASE}/plan",
        action="case.act",
        body=PlanSchema,
        answer=CaseSchema,
        status=201,
        errors=(*KNOWN, NotContactedYet, NotSuchStaff, PeerUnavailable),
        summary="Write down the safety plan and who answers for it",
    )
    def record_plan(self, request: Request, case_id: UUID) -> dict[str, Any]:
        """A later plan replaces the earlier one; both stay on the timeline."""
        responsible = request.data["responsible"] or request.principal.person
        data = {**request.data, "responsible": responsible}
        command = RecordPlan(case=case_id, **caller_of(request), **data)
        record_plan(command, uow=self.uow, staff=self.staff, policy=self.crisis_policy)
        return show_case(case_id, uow=self.uow)

    @http(
        "POST",
        f"{CASE}/follow-ups",
        action="case.act",
        body=FollowUpSchema,
        answer=CaseSchema,
        status=201,
        errors=(*KNOWN, NotContactedYet, NotPlannedYet),
        summary="Log a follow-up, or an attempt at one",
    )
    def record_follow_up(self, request: Request, case_id: UUID) -> dict[str, Any]:
        """The next one is due by the policy's rhythm."""
        command = RecordFollowUp(case=case_id, **caller_of(request), **request.data)
        record_follow_up(command, uow=self.uow, policy=self.crisis_policy)
        return show_case(case_id, uow=self.uow)

    @http(
        "POST",
        f"{CASE}/referrals",
        action="case.act",
        body=ReferralSchema,
        answer=CaseSchema,
        status=201,
        errors=KNOWN,
        summary="Record the advice to see a medical institution, or the referral to one",
    )
    def refer_person(self, request: Request, case_id: UUID) -> dict[str, Any]:
        """With the wording's version and the person's reaction."""
        command = ReferPerson(case=case_id, **caller_of(request), **request.data)
        refer_person(command, uow=self.uow, policy=self.crisis_policy)
        return show_case(case_id, uow=self.uow)

    @http(
        "POST",
        f"{CASE}/hand-over",
        action="case.act",
        body=HandOverSchema,
        answer=CaseSchema,
        errors=(*KNOWN, NotSuchStaff, PeerUnavailable),
        summary="Give the case to another officer",
    )
    def hand_over_case(self, request: Request, case_id: UUID) -> dict[str, Any]:
        """The clock goes on."""
        command = HandOverCase(case=case_id, **caller_of(request), **request.data)
        hand_over_case(command, uow=self.uow, staff=self.staff, policy=self.crisis_policy)
        return show_case(case_id, uow=self.uow)

    def _flag(self, command: RaiseFlag) -> dict[str, Any]:
        case = raise_flag(command, uow=self.uow, policy=self.crisis_policy, new_id=uuid4)
        return {
            "id": case.id,
            "state": case.state,
            "crisis": case.crisis,
            "drill": case.drill,
            "acute": case.acute,
            "opened_at": case.opened_at,
            "next_due_at": case.next_due_at,
        }
