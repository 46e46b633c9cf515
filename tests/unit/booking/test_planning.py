"""Weekly hours become sessions; new plans never touch what is taken."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest

from services.booking.availability.domain import (
    DayException,
    ExceptionKind,
    HoursRefused,
    SessionPattern,
    WeeklyHours,
    check_exception,
    check_hours,
    check_rooms,
)
from services.booking.availability.planning import (
    PlannedSlot,
    changes_between,
    planned_slots,
    with_rooms,
)
from services.booking.availability.slots import SlotState, Span
from services.booking.calendar import days_from, moment
from services.booking.sites.domain import Room, RoomKind
from services.contracts.booking import Mode
from tests.unit.booking.builders import HOUR, NINE, a_counsellor, a_slot

MONDAY = date(2025, 6, 2)
WEEK = days_from(MONDAY, 7)
PATTERN = SessionPattern()
COUNSELLOR = a_counsellor()
SITE = COUNSELLOR.sites[0]


def hours(**said):
    fields = {
        "id": uuid4(),
        "weekday": 1,
        "starts": time(9),
        "ends": time(12),
        "site": SITE,
        "modes": (Mode.IN_PERSON, Mode.VIDEO),
    }
    return WeeklyHours(**{**fields, **said})


def away(first=MONDAY, last=MONDAY, **said):
    return DayException(
        id=uuid4(),
        counsellor=COUNSELLOR.id,
        kind=ExceptionKind.AWAY,
        first_day=first,
        last_day=last,
        modes=(),
        **said,
    )


def plan(starts_at=NINE, **said):
    fields = {
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=50),
        "site": SITE,
        "modes": (Mode.IN_PERSON, Mode.VIDEO),
    }
    return PlannedSlot(**{**fields, **said})


def starts(*openings, exceptions=(), days=WEEK, counsellor=COUNSELLOR):
    found = planned_slots(counsellor, openings, exceptions, days, PATTERN)
    return [slot.starts_at for slot in found]


def test_three_hours_hold_three_sessions_of_fifty_minutes():
    found = planned_slots(COUNSELLOR, [hours()], [], WEEK, PATTERN)

    assert [slot.starts_at for slot in found] == [moment(MONDAY, time(h)) for h in (9, 10, 11)]
    assert {slot.ends_at - slot.starts_at for slot in found} == {timedelta(minutes=50)}


def test_the_last_session_may_end_with_the_hours():
    assert starts(hours(ends=time(9, 50))) == [moment(MONDAY, time(9))]
    assert starts(hours(ends=time(9, 49))) == []


def test_hours_repeat_every_week_while_they_are_valid():
    valid = hours(ends=time(10), valid_from=date(2025, 6, 9), valid_until=date(2025, 6, 16))

    found = starts(valid, days=days_from(MONDAY, 28))

    assert found == [moment(date(2025, 6, day), time(9)) for day in (9, 16)]


def test_a_leave_day_has_no_sessions():
    assert starts(hours(), exceptions=[away()]) == []


def test_leave_for_some_hours_leaves_the_others():
    absent = away(starts=time(9, 30), ends=time(10, 30))

    assert starts(hours(), exceptions=[absent]) == [moment(MONDAY, time(11))]


def test_extra_hours_add_sessions_without_doubling_those_there_are():
    extra = DayException(
        id=uuid4(),
        counsellor=COUNSELLOR.id,
        kind=ExceptionKind.EXTRA,
        first_day=MONDAY,
        last_day=MONDAY,
        starts=time(11),
        ends=time(13),
        site=SITE,
        modes=(Mode.VIDEO,),
    )

    found = starts(hours(), exceptions=[extra])

    assert found == [moment(MONDAY, time(hour)) for hour in (9, 10, 11, 12)]


def test_nothing_is_planned_after_the_credential_ends():
    counsellor = a_counsellor(sites=[SITE], credential_expires_on=MONDAY)

    found = starts(hours(), hours(weekday=2), counsellor=counsellor)

    assert {each.date() for each in found} == {MONDAY}


def test_a_counsellor_who_left_is_not_planned():
    assert starts(hours(), counsellor=a_counsellor(sites=[SITE], active=False)) == []


def test_sessions_keep_only_ways_the_counsellor_offers():
    counsellor = a_counsellor(sites=[SITE], modes=[Mode.VIDEO])

    found = planned_slots(counsellor, [hours()], [], WEEK, PATTERN)

    assert {slot.modes for slot in found} == {(Mode.VIDEO,)}


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"ends": time(9, 30)}, "items.0.ends", "too-short"),
        ({"ends": time(8)}, "items.0.ends", "too-short"),
        ({"site": uuid4()}, "items.0.site", "not-their-site"),
        ({"modes": (Mode.PHONE,)}, "items.0.modes", "not-their-mode"),
    ],
)
def test_a_week_is_refused_by_field(wrong, field, code):
    with pytest.raises(HoursRefused) as refusal:
        check_hours([hours(**wrong)], COUNSELLOR, PATTERN)

    assert [(each.field, each.code) for each in refusal.value.errors] == [(field, code)]
    assert all(each.message for each in refusal.value.errors)


def test_hours_that_collide_are_refused():
    with pytest.raises(HoursRefused) as refusal:
        check_hours([hours(), hours(starts=time(11), ends=time(14))], COUNSELLOR, PATTERN)

    assert [each.field for each in refusal.value.errors] == ["items.1.starts"]


def test_the_same_hours_in_different_seasons_do_not_collide():
    spring = hours(valid_until=date(2025, 6, 30))
    summer = hours(valid_from=date(2025, 7, 1))

    check_hours([spring, summer], COUNSELLOR, PATTERN)


def test_an_exception_needs_its_days_in_order():
    with pytest.raises(HoursRefused) as refusal:
        check_exception(away(last=date(2025, 6, 1)), COUNSELLOR)

    assert refusal.value.errors[0].field == "last_day"


def test_a_room_that_is_named_must_be_a_counselling_room_of_the_site():
    room = Room(id=uuid4(), site=SITE, name="1", kind=RoomKind.COUNSELLING)
    music = Room(id=uuid4(), site=SITE, name="2", kind=RoomKind.MUSIC)
    check_rooms([hours(room=room.id)], [room, music], "items.{place}.room")

    with pytest.raises(HoursRefused) as refusal:
        check_rooms([hours(), hours(room=music.id)], [room, music], "items.{place}.room")

    assert refusal.value.errors[0].field == "items.1.room"


def test_what_is_planned_already_stays_as_it_is():
    slot = a_slot(site=SITE)

    changes = changes_between([slot], [plan()], set())

    assert (changes.withdrawn, changes.added) == ([], [])


def test_open_and_held_slots_off_the_plan_are_withdrawn():
    slots = [a_slot(site=SITE), a_slot(starts_at=NINE + HOUR, state=SlotState.HELD)]

    changes = changes_between(slots, [], set())

    assert changes.withdrawn == slots


def test_a_taken_slot_off_the_plan_is_only_marked_and_nothing_is_put_over_it():
    taken = a_slot(site=SITE, state=SlotState.TAKEN)
    moved = plan(NINE + timedelta(minutes=30))

    changes = changes_between([taken], [moved], set())

    assert changes.orphaned == [taken]
    assert (changes.withdrawn, changes.added) == ([], [])


def test_a_slot_in_a_room_that_closed_is_planned_anew():
    slot = a_slot(site=SITE, room=uuid4())

    changes = changes_between([slot], [plan()], set())

    assert changes.withdrawn == [slot]
    assert changes.added == [plan()]


def test_sessions_get_a_free_room():
    one, two = uuid4(), uuid4()
    busy = {one: [Span(NINE, NINE + HOUR)]}

    placed = with_rooms([plan()], {SITE: [one, two]}, busy)

    assert [slot.room for slot in placed] == [two]


def test_without_a_free_room_a_session_is_offered_by_video_only():
    room = uuid4()

    placed = with_rooms([plan()], {SITE: [room]}, {room: [Span(NINE, NINE + HOUR)]})

    assert [(slot.room, slot.modes) for slot in placed] == [(None, (Mode.VIDEO,))]


def test_without_a_free_room_a_session_in_person_only_is_not_offered():
    room = uuid4()
    in_person = plan(modes=(Mode.IN_PERSON,))

    assert with_rooms([in_person], {SITE: [room]}, {room: [Span(NINE, NINE + HOUR)]}) == []


def test_a_site_without_a_list_of_rooms_needs_none():
    assert with_rooms([plan()], {}, {}) == [plan()]


def test_summer_time_of_other_places_changes_nothing():
    winter = moment(date(2025, 1, 6), time(9))

    assert winter == datetime(2025, 1, 6, 1, tzinfo=UTC)
