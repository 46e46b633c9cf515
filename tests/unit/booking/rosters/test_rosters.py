"""Rosters: who is paged when, and the hours nobody covers."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.booking.rosters.chain import chain_for
from services.booking.rosters.domain import (
    NoSuchShift,
    ShiftIsOver,
    ShiftOverlaps,
    ShiftTooLong,
    UnitNotYours,
)
from services.booking.rosters.gaps import uncovered
from services.booking.rosters.usecases.cancel_shift import CancelShift, cancel_shift
from services.booking.rosters.usecases.find_gaps import find_gaps
from services.booking.rosters.usecases.hand_over_shift import HandOverShift, hand_over_shift
from services.booking.rosters.usecases.plan_shifts import PlanShifts, plan_shifts
from services.booking.staff import NotSuchStaff
from services.chassis.access import Role
from services.contracts.booking import RosterGapFoundV1
from tests.unit.booking.cases.fakes import NINE, POLICY, FakeWork
from tests.unit.booking.staff import FakeStaff

HOUR = timedelta(hours=1)
STAFF = FakeStaff(Role.DUTY)
MARKS = POLICY.paging.marks()


def chain(work: FakeWork, unit: str = "wh/hc/e1") -> list[tuple[UUID, int, float]]:
    pages = chain_for(
        work.rosters.shifts.values(), unit=unit, since=NINE, now=work.time, marks=MARKS
    )
    return [(p.officer, p.tier, (p.due_at - NINE) / timedelta(minutes=1)) for p in pages]


def planned(work: FakeWork, **changed: object) -> list[UUID]:
    command = {
        "officer": uuid4(),
        "tier": 1,
        "unit": "wh",
        "starts_at": NINE,
        "ends_at": NINE + 8 * HOUR,
        "reach": None,
        **changed,
    }
    shifts = plan_shifts(
        PlanShifts(**command),
        uow=work,
        staff=STAFF,
        policy=POLICY.roster,
        new_id=uuid4,
    )
    return [shift.id for shift in shifts]


def test_the_tiers_are_paged_at_0_15_30_and_60_minutes() -> None:
    work = FakeWork()
    officers = [work.shift(tier) for tier in (1, 2, 3, 4)]

    assert chain(work) == [
        (officers[0], 1, 0),
        (officers[1], 2, 15),
        (officers[2], 3, 30),
        (officers[3], 4, 60),
    ]


def test_an_empty_tier_delays_nobody() -> None:
    work = FakeWork()
    second = work.shift(2)

    assert chain(work) == [(second, 2, 0)]


def test_all_officers_of_a_tier_are_paged_together_and_nobody_twice() -> None:
    work = FakeWork()
    officers = sorted([work.shift(1), work.shift(1)])
    work.shift(2, officer=officers[0])

    assert chain(work) == [(officers[0], 1, 0), (officers[1], 1, 0)]


def test_who_is_on_duty_when_their_page_is_due_is_paged() -> None:
    work = FakeWork()
    first = work.shift(1)
    work.shift(2, hours=0.1)
    relief = work.shift(2, starts_at=NINE + timedelta(minutes=10))

    assert chain(work) == [(first, 1, 0), (relief, 2, 15)]


def test_a_districts_officer_serves_the_district_and_the_city_everybody() -> None:
    work = FakeWork()
    work.shift(1, unit="wh/other")
    district = work.shift(1, unit="wh/hc")
    city = work.shift(2, unit="wh")

    assert chain(work) == [(district, 1, 0), (city, 2, 15)]
    assert chain(work, unit="") == [(city, 2, 0)]


def test_an_officer_of_another_district_is_better_than_none() -> None:
    work = FakeWork()
    elsewhere = work.shift(1, unit="wh/other")

    assert chain(work) == [(elsewhere, 1, 0)]


def test_nobody_rostered_is_an_empty_chain() -> None:
    assert chain(FakeWork()) == []


def test_gaps_are_the_hours_between_shifts_and_after_the_last() -> None:
    work = FakeWork()
    work.shift(1, hours=8)
    work.shift(1, hours=8, starts_at=NINE + 6 * HOUR)
    work.shift(1, hours=2, starts_at=NINE + 16 * HOUR)

    found = uncovered(
        work.rosters.shifts.values(), tiers=(1, 2), starts_at=NINE, ends_at=NINE + 24 * HOUR
    )

    assert [(g.tier, (g.starts_at - NINE) / HOUR, (g.ends_at - NINE) / HOUR) for g in found] == [
        (1, 14, 16),
        (1, 18, 24),
        (2, 0, 24),
    ]


def test_a_gap_is_reported_once_while_the_horizon_moves() -> None:
    work = FakeWork()
    work.shift(1, hours=90)

    def look() -> None:
        find_gaps(uow=work, tiers=(1, 2), ahead=72 * HOUR, new_id=uuid4)

    look()
    work.pass_time(hours=1)
    look()

    [event] = work.events(RosterGapFoundV1)
    assert (event.tier, event.starts_at) == (2, NINE)


def test_a_gap_that_was_filled_and_opens_again_is_news() -> None:
    work = FakeWork()
    work.shift(1, hours=900)

    find_gaps(uow=work, tiers=(1, 2), ahead=72 * HOUR, new_id=uuid4)
    [shift] = planned(work, tier=2, ends_at=NINE + 24 * HOUR, days=1)
    find_gaps(uow=work, tiers=(1,), ahead=72 * HOUR, new_id=uuid4)
    cancel_shift(CancelShift(shift=shift, reach=None), uow=work)
    find_gaps(uow=work, tiers=(1, 2), ahead=72 * HOUR, new_id=uuid4)

    assert len(work.events(RosterGapFoundV1)) == 2


def test_a_shift_repeats_on_several_days() -> None:
    work = FakeWork()

    shifts = planned(work, days=7)

    starts = [work.rosters.shifts[each].starts_at for each in shifts]
    assert starts == [NINE + timedelta(days=day) for day in range(7)]


def test_an_officer_is_not_planned_twice_for_the_same_hours_and_then_not_at_all() -> None:
    work = FakeWork()
    officer = uuid4()
    planned(work, officer=officer, starts_at=NINE + 48 * HOUR, ends_at=NINE + 50 * HOUR)

    with pytest.raises(ShiftOverlaps):
        planned(work, officer=officer, days=3)

    assert len(work.rosters.shifts) == 1


@pytest.mark.parametrize("hours", [0, -1, 25])
def test_a_shift_ends_after_its_start_and_within_a_day(hours: int) -> None:
    with pytest.raises(ShiftTooLong):
        planned(FakeWork(), ends_at=NINE + hours * HOUR)


def test_repeated_shifts_may_not_run_into_themselves() -> None:
    work = FakeWork()

    planned(work, ends_at=NINE + 24 * HOUR, days=3)

    assert len(work.rosters.shifts) == 3


def test_a_district_plans_its_own_units_only() -> None:
    work = FakeWork()
    planned(work, unit="wh/hc/e1", reach="wh/hc")

    with pytest.raises(UnitNotYours):
        planned(work, unit="wh", reach="wh/hc")
    [city] = planned(work)
    with pytest.raises(UnitNotYours):
        cancel_shift(CancelShift(shift=city, reach="wh/hc"), uow=work)


def test_a_future_shift_goes_and_a_running_one_ends_now() -> None:
    work = FakeWork()
    [running], [future] = planned(work), planned(work, starts_at=NINE + HOUR)
    work.pass_time(minutes=30)

    cancel_shift(CancelShift(shift=running, reach=None), uow=work)
    cancel_shift(CancelShift(shift=future, reach=None), uow=work)

    assert [each.ends_at for each in work.rosters.shifts.values()] == [work.time]
    with pytest.raises(ShiftIsOver):
        cancel_shift(CancelShift(shift=running, reach=None), uow=work)
    with pytest.raises(NoSuchShift):
        cancel_shift(CancelShift(shift=future, reach=None), uow=work)


def test_the_rest_of_a_shift_goes_to_another_officer() -> None:
    work = FakeWork()
    [shift] = planned(work)
    officer = uuid4()
    work.pass_time(hours=3)

    command = HandOverShift(shift=shift, officer=officer, reach=None)
    taken = hand_over_shift(command, uow=work, staff=STAFF, policy=POLICY.roster, new_id=uuid4)

    assert (taken.officer, taken.starts_at, taken.ends_at) == (officer, work.time, NINE + 8 * HOUR)
    assert work.rosters.shifts[shift].ends_at == work.time


def test_a_shift_goes_only_to_somebody_of_its_tier() -> None:
    work, staff = FakeWork(), FakeStaff()
    [first], [third] = planned(work), planned(work, tier=3)
    counsellor = staff.holds(Role.COUNSELLOR)

    def hand_over(shift: UUID) -> None:
        command = HandOverShift(shift=shift, officer=counsellor, reach=None)
        hand_over_shift(command, uow=work, staff=staff, policy=POLICY.roster, new_id=uuid4)

    with pytest.raises(NotSuchStaff) as refused:
        hand_over(first)
    hand_over(third)

    assert [error.field for error in refused.value.errors] == ["officer"]
    assert first in work.rosters.shifts
    assert third not in work.rosters.shifts
