"""Routes of rosters, and the look ahead for hours nobody covers."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from services.booking.cases.policy import CrisisPolicy
from services.booking.rosters.domain import (
    NoSuchShift,
    ShiftIsOver,
    ShiftOverlaps,
    ShiftTooLong,
    UnitNotYours,
)
from services.booking.rosters.queries import coverage, list_shifts, stretch
from services.booking.rosters.schemas import (
    CoverageQuerySchema,
    CoverageSchema,
    HandOverShiftSchema,
    PlanShiftsSchema,
    ShiftListSchema,
    ShiftQuerySchema,
    ShiftSchema,
)
from services.booking.rosters.usecases.cancel_shift import CancelShift, cancel_shift
from services.booking.rosters.usecases.find_gaps import find_gaps
from services.booking.rosters.usecases.hand_over_shift import HandOverShift, hand_over_shift
from services.booking.rosters.usecases.plan_shifts import PlanShifts, plan_shifts
from services.booking.staff import NotSuchStaff, Staff
from services.booking.wiring import (
    BookingUnitOfWork,
    BookingUnitOfWorkProvider,
    CrisisPolicyProvider,
    StaffProvider,
)
from services.chassis.access import Scope
from services.chassis.clock import Clock
from services.chassis.container import ClockProvider
from services.chassis.database import Database, DatabaseProvider
from services.chassis.http import Request, http
from services.chassis.logs import get_logger
from services.chassis.peers import PeerUnavailable
from services.chassis.timers import every

SHIFTS = "/api/booking/v1/rosters/shifts"
SHIFT = f"{SHIFTS}/<uuid:shift_id>"
PLANNING = (UnitNotYours, ShiftOverlaps, NotSuchStaff, PeerUnavailable)

log = get_logger()


class RosterEntrypoints:
    """Who is on duty, and when nobody is."""

    uow: BookingUnitOfWork = BookingUnitOfWorkProvider()
    database: Database = DatabaseProvider()
    clock: Clock = ClockProvider()
    crisis_policy: CrisisPolicy = CrisisPolicyProvider()
    staff: Staff = StaffProvider()

    @http(
        "GET",
        SHIFTS,
        action="roster.read",
        query=ShiftQuerySchema,
        answer=ShiftListSchema,
        summary="The duty roster, by default of the next month",
    )
    def list_shifts(self, request: Request) -> dict[str, Any]:
        """Earliest first."""
        with self.database.reading() as connection:
            return list_shifts(connection, request.query, self.clock.now())

    @http(
        "GET",
        "/api/booking/v1/rosters/coverage",
        action="roster.read",
        query=CoverageQuerySchema,
        answer=CoverageSchema,
        summary="The hours that nobody covers on the tiers the policy asks for",
    )
    def show_coverage(self, request: Request) -> dict[str, Any]:
        """By default of the next month."""
        starts_at, ends_at = stretch(request.query, self.clock.now())
        with self.database.reading() as connection:
            return coverage(connection, starts_at, ends_at, self.crisis_policy.roster.tiers)

    @http(
        "POST",
        SHIFTS,
        action="roster.plan",
        body=PlanShiftsSchema,
        answer=ShiftListSchema,
        status=201,
        errors=(ShiftTooLong, *PLANNING),
        summary="Put an officer on the roster, on one day or on several in a row",
    )
    def plan_shifts(self, request: Request) -> dict[str, Any]:
        """All of them or none."""
        data = {**request.data, "unit": request.data["unit"] or request.principal.unit}
        command = PlanShifts(**data, reach=_reach(request))
        policy = self.crisis_policy.roster
        shifts = plan_shifts(command, uow=self.uow, staff=self.staff, policy=policy, new_id=uuid4)
        return {"items": shifts, "next": None}

    @http(
        "DELETE",
        SHIFT,
        action="roster.plan",
        status=204,
        errors=(NoSuchShift, UnitNotYours, ShiftIsOver),
        summary="Take a shift off the roster; one that has begun ends now",
    )
    def cancel_shift(self, request: Request, shift_id: UUID) -> None:
        """What is over stays on record."""
        cancel_shift(CancelShift(shift=shift_id, reach=_reach(request)), uow=self.uow)

    @http(
        "POST",
        f"{SHIFT}/hand-over",
        action="roster.plan",
        body=HandOverShiftSchema,
        answer=ShiftSchema,
        status=201,
        errors=(NoSuchShift, ShiftIsOver, *PLANNING),
        summary="Give a shift, or what is left of it, to another officer",
    )
    def hand_over_shift(self, request: Request, shift_id: UUID) -> Any:
        """The new officer's shift."""
        command = HandOverShift(
            shift=shift_id, officer=request.data["officer"], reach=_reach(request)
        )
        policy = self.crisis_policy.roster
        return hand_over_shift(command, uow=self.uow, staff=self.staff, policy=policy, new_id=uuid4)

    @every(seconds=300, name="roster-gaps")
    def look_for_gaps(self) -> None:
        """Say so once for each."""
        roster = self.crisis_policy.roster
        ahead = timedelta(hours=roster.look_ahead_hours)
        for gap in find_gaps(uow=self.uow, tiers=roster.tiers, ahead=ahead, new_id=uuid4):
            log.warning("roster-gap-found", gap=str(gap.id), tier=gap.tier)


def _reach(request: Request) -> str | None:
    """The subtree one may plan for; None: the whole city."""
    return None if request.scope is Scope.CITY else request.principal.unit
