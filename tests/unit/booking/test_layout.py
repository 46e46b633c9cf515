"""Changing hours and terms lays slots out anew, within the caller's reach."""

from dataclasses import replace
from datetime import date, time
from uuid import uuid4

import pytest

from services.booking.availability.domain import DayException, ExceptionKind, WeeklyHours
from services.booking.availability.layout import MOVE_HOLD, Layout
from services.booking.availability.slots import SlotState
from services.booking.availability.usecases import (
    AddException,
    RemoveException,
    SetHours,
    add_exception,
    extend_horizon,
    remove_exception,
    set_hours,
)
from services.booking.calendar import moment
from services.booking.experts.domain import CounsellorNotFound, UnknownSite
from services.booking.experts.usecases import (
    ChangeCounsellor,
    RegisterCounsellor,
    change_counsellor,
    register_counsellor,
)
from services.booking.sites.domain import OutsideYourUnit, Room, RoomKind, Site, SiteLevel
from services.chassis.access import Principal, Role
from services.chassis.clock import FixedClock
from services.contracts.booking import ExpertRegisteredV1, Mode
from tests.unit.booking.builders import NOW, a_counsellor, a_slot, an_admin
from tests.unit.booking.fakes import FakeWork
from tests.unit.booking.staff import FakeStaff

CLOCK = FixedClock(NOW)
LAYOUT = Layout(horizon_days=14)


@pytest.fixture
def uow():
    return FakeWork()


@pytest.fixture
def counsellor(uow):
    known = a_counsellor()
    uow.counsellors.add(known)
    return known


def mondays(counsellor, ends=12):
    return WeeklyHours(
        id=uuid4(),
        weekday=1,
        starts=time(9),
        ends=time(ends),
        site=counsellor.sites[0],
        modes=(Mode.VIDEO,),
    )


def a_room(counsellor, kind=RoomKind.COUNSELLING):
    return Room(id=uuid4(), site=counsellor.sites[0], name="1", kind=kind)


def registered(uow, counsellor):
    command = RegisterCounsellor(counsellor=counsellor, by=an_admin())
    return register_counsellor(command, uow=uow, staff=FakeStaff(Role.COUNSELLOR))


def set_week(uow, counsellor, *hours, by=None):
    command = SetHours(counsellor=counsellor.id, by=by or an_admin(), hours=hours)
    set_hours(command, uow=uow, clock=CLOCK, layout=LAYOUT)


def states(uow):
    return sorted(slot.state.value for slot in uow.slots.slots.values())


def a_leave_day(counsellor, day=date(2025, 6, 9)):
    return DayException(
        id=uuid4(),
        counsellor=counsellor.id,
        kind=ExceptionKind.AWAY,
        first_day=day,
        last_day=day,
        modes=(),
    )


def test_hours_become_slots_from_now_to_the_horizon(uow, counsellor):
    set_week(uow, counsellor, mondays(counsellor))

    # Ten o'clock on the first Monday is now, so only eleven is left of it.
    days = sorted(slot.day for slot in uow.slots.slots.values())
    assert days == [date(2025, 6, 2)] + [date(2025, 6, 9)] * 3
    assert uow.counsellors.planned[counsellor.id] == date(2025, 6, 15)
    assert uow.slots.alone


def test_setting_the_same_hours_again_changes_nothing(uow, counsellor):
    set_week(uow, counsellor, mondays(counsellor))
    before = set(uow.slots.slots)

    set_week(uow, counsellor, mondays(counsellor))

    assert set(uow.slots.slots) == before
    assert states(uow) == ["open"] * 4


def test_a_leave_day_withdraws_open_slots_and_leaves_taken_ones(uow, counsellor):
    set_week(uow, counsellor, mondays(counsellor))
    taken = next(slot for slot in uow.slots.slots.values() if slot.day == date(2025, 6, 9))
    taken.state = SlotState.TAKEN

    command = AddException(exception=a_leave_day(counsellor), by=an_admin())
    add_exception(command, uow=uow, clock=CLOCK, layout=LAYOUT)

    assert states(uow) == ["open", "taken", "withdrawn", "withdrawn"]
    assert uow.slots.slots[taken.id].orphaned


def test_a_leave_day_taken_back_brings_the_slots_back(uow, counsellor):
    set_week(uow, counsellor, mondays(counsellor))
    leave = a_leave_day(counsellor)
    add_exception(AddException(exception=leave, by=an_admin()), uow=uow, clock=CLOCK, layout=LAYOUT)

    command = RemoveException(counsellor=counsellor.id, exception=leave.id, by=an_admin())
    remove_exception(command, uow=uow, clock=CLOCK, layout=LAYOUT)

    assert states(uow).count("open") == 4


def test_a_held_slot_that_is_withdrawn_has_its_offer_looked_after(uow, counsellor):
    set_week(uow, counsellor, mondays(counsellor))
    held, offer = next(iter(uow.slots.slots.values())), uuid4()
    uow.slots.shift_load(use=held)
    held.hold(offer)

    set_week(uow, counsellor)

    assert uow.slots.slots[held.id].state is SlotState.WITHDRAWN
    assert uow.timers.due[MOVE_HOLD, str(held.id)] == (NOW, {"offer": str(offer)})
    assert uow.slots.used[counsellor.id, held.day] == 0


def test_timers_that_are_set_know_a_lost_hold_by_its_name():
    assert MOVE_HOLD == "offer-hold-lost"


def test_the_horizon_rolls_on_by_itself(uow, counsellor):
    set_week(uow, counsellor, mondays(counsellor))
    later = FixedClock(NOW.replace(day=9))

    assert extend_horizon(uow=uow, clock=later, layout=LAYOUT) == 1
    assert extend_horizon(uow=uow, clock=later, layout=LAYOUT) == 0

    assert {slot.day for slot in uow.slots.slots.values()} >= {date(2025, 6, 16)}


def test_no_slots_at_a_site_that_closed(uow, counsellor):
    uow.sites.closed.add(counsellor.sites[0])

    set_week(uow, counsellor, mondays(counsellor))

    assert uow.slots.slots == {}


def test_counsellors_set_their_own_hours_and_nobody_elses(uow, counsellor):
    myself = Principal(counsellor.id, frozenset({Role.COUNSELLOR}), "wh/hc")
    set_week(uow, counsellor, mondays(counsellor), by=myself)

    with pytest.raises(CounsellorNotFound):
        set_week(uow, counsellor, by=an_admin(role=Role.COUNSELLOR))


def test_a_district_admin_does_not_reach_another_district(uow, counsellor):
    with pytest.raises(CounsellorNotFound):
        set_week(uow, counsellor, by=an_admin("wh/gq"))


def test_the_city_admin_reaches_every_district(uow, counsellor):
    set_week(uow, counsellor, mondays(counsellor), by=an_admin("wh", Role.CITY_ADMIN))

    assert len(uow.slots.slots) == 4


def test_an_earlier_end_of_the_credential_withdraws_the_slots_after_it(uow, counsellor):
    set_week(uow, counsellor, mondays(counsellor))
    command = ChangeCounsellor(
        counsellor=counsellor.id,
        by=an_admin(),
        changes={"credential_expires_on": date(2025, 6, 8)},
    )

    change_counsellor(command, uow=uow, clock=CLOCK, layout=LAYOUT)

    assert states(uow) == ["open", "withdrawn", "withdrawn", "withdrawn"]


def test_a_new_counsellor_is_told_to_the_world_without_a_name(uow):
    counsellor = a_counsellor()

    registered(uow, counsellor)

    assert uow.published == [ExpertRegisteredV1(counsellor=counsellor.id)]


def test_a_counsellor_is_registered_within_the_subtree_only(uow):
    command = RegisterCounsellor(counsellor=a_counsellor(unit="wh/gq"), by=an_admin("wh/hc"))

    with pytest.raises(OutsideYourUnit):
        register_counsellor(command, uow=uow, staff=FakeStaff(Role.COUNSELLOR))


def test_sites_that_do_not_exist_are_named_by_their_place(uow):
    counsellor = a_counsellor(sites=[uuid4(), uuid4()])
    uow.sites.closed.add(counsellor.sites[1])

    with pytest.raises(UnknownSite) as refusal:
        registered(uow, counsellor)

    assert [each.field for each in refusal.value.errors] == ["sites.1"]


def test_a_district_fills_the_rooms_of_its_own_sites_only(uow):
    mine, theirs = uuid4(), uuid4()
    uow.sites.add(
        Site(
            id=theirs,
            name="站",
            level=SiteLevel.STATION,
            unit="wh/gq",
            address="",
            phone="",
            opened_at=NOW,
        )
    )
    counsellor = a_counsellor(sites=[mine])
    registered(uow, counsellor)

    def named(*sites, by):
        command = ChangeCounsellor(counsellor=counsellor.id, by=by, changes={"sites": list(sites)})
        change_counsellor(command, uow=uow, clock=CLOCK, layout=LAYOUT)

    with pytest.raises(OutsideYourUnit):
        registered(uow, a_counsellor(sites=[theirs]))
    with pytest.raises(OutsideYourUnit):
        named(mine, theirs, by=an_admin())
    named(mine, theirs, by=an_admin("wh", Role.CITY_ADMIN))
    named(theirs, by=an_admin())  # what the city arranged may stay
    assert counsellor.sites == [theirs]


def test_sessions_get_counselling_rooms_that_no_colleague_uses_then(uow, counsellor):
    room, music = a_room(counsellor), a_room(counsellor, RoomKind.MUSIC)
    uow.sites.add_room(music)
    uow.sites.add_room(room)
    taken = a_slot(room=room.id, site=room.site, starts_at=moment(date(2025, 6, 9), time(10)))
    uow.slots.save(taken)

    set_week(uow, counsellor, replace(mondays(counsellor), modes=(Mode.IN_PERSON, Mode.VIDEO)))

    own = [slot for slot in uow.slots.slots.values() if slot.counsellor == counsellor.id]
    by_start = {slot.starts_at: slot for slot in own if slot.day == date(2025, 6, 9)}
    nine, ten, eleven = (by_start[moment(date(2025, 6, 9), time(hour))] for hour in (9, 10, 11))
    assert (nine.room, eleven.room) == (room.id, room.id)
    assert (ten.room, ten.modes) == (None, (Mode.VIDEO,))


def test_a_room_that_closed_gives_its_sessions_to_another(uow, counsellor):
    room, other = a_room(counsellor), a_room(counsellor)
    uow.sites.add_room(room)
    week = replace(mondays(counsellor, ends=10), modes=(Mode.IN_PERSON,))
    set_week(uow, counsellor, week)
    room.active = False
    uow.sites.add_room(other)

    set_week(uow, counsellor, week)

    rooms = {slot.room: slot.state for slot in uow.slots.slots.values()}
    assert rooms == {room.id: SlotState.WITHDRAWN, other.id: SlotState.OPEN}


def test_a_taken_slot_that_the_plan_covers_again_is_kept_when_it_is_given_back(uow, counsellor):
    set_week(uow, counsellor, mondays(counsellor, ends=10))
    (slot,) = [each for each in uow.slots.slots.values() if each.day == date(2025, 6, 9)]
    slot.take(Mode.VIDEO, offer=None, now=NOW)

    set_week(uow, counsellor)
    assert uow.slots.slots[slot.id].orphaned
    set_week(uow, counsellor, mondays(counsellor, ends=10))

    assert not uow.slots.slots[slot.id].orphaned
