"""Hours, exceptions and slots at their edges: what still fits, and which field is wrong if not."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest

from services.booking.availability.domain import (
    DayException,
    ExceptionKind,
    HoursRefused,
    SessionPattern,
    WeeklyHours,
    arranges,
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
from services.booking.availability.slots import (
    CounsellorNotAvailable,
    ModeNotOffered,
    SlotAlreadyTaken,
    SlotState,
    Span,
    Terms,
)
from services.booking.calendar import moment
from services.booking.experts.domain import CounsellorNotFound
from services.booking.sites.domain import Room, RoomKind
from services.chassis.access import Principal, Role
from services.contracts.booking import Mode
from tests.unit.booking.builders import HOUR, NINE, NOW, a_counsellor, a_slot

MONDAY = date(2025, 6, 2)
COUNSELLOR = a_counsellor()
SITE = COUNSELLOR.sites[0]
BOTH = (Mode.IN_PERSON, Mode.VIDEO)
PATTERN = SessionPattern()


def hours(starts=time(9), ends=time(12), **said):
    given = {"id": uuid4(), "weekday": 1, "site": SITE, "modes": BOTH}
    return WeeklyHours(starts=starts, ends=ends, **{**given, **said})


def an_exception(kind=ExceptionKind.EXTRA, **said):
    given = {
        "id": uuid4(),
        "counsellor": COUNSELLOR.id,
        "kind": kind,
        "first_day": MONDAY,
        "last_day": MONDAY,
        "modes": (),
    }
    extra = {"starts": time(9), "ends": time(11), "site": SITE, "modes": BOTH}
    return DayException(**{**given, **(extra if kind is ExceptionKind.EXTRA else {}), **said})


def a_plan(starts_at=NINE, **said):
    given = {"ends_at": starts_at + timedelta(minutes=50), "site": SITE, "modes": BOTH}
    return PlannedSlot(starts_at=starts_at, **{**given, **said})


def faults(check, *arguments):
    """Fields and codes of a refusal; none where nothing is refused."""
    try:
        check(*arguments)
    except HoursRefused as refusal:
        return [(each.field, each.code) for each in refusal.errors]
    return []


def of_exception(**said):
    return faults(check_exception, an_exception(**said), COUNSELLOR)


def of_week(*week):
    return faults(check_hours, week, COUNSELLOR, PATTERN)


def test_hours_that_touch_do_not_collide_and_a_shared_minute_does():
    early, late = hours(time(9), time(12)), hours(time(12), time(15))

    assert of_week(early, late) == of_week(late, early) == []
    collision = [("items.1.starts", "hours-collide")]
    assert of_week(early, hours(time(11, 59), time(15))) == collision
    assert of_week(hours(time(11, 59), time(15)), early) == collision


def test_seasons_that_share_a_day_collide():
    spring = hours(valid_until=date(2025, 5, 31))

    assert of_week(spring, hours(valid_from=date(2025, 6, 1))) == []
    assert of_week(hours(valid_from=date(2025, 6, 1)), spring) == []
    assert of_week(spring, hours(valid_from=date(2025, 5, 31))) != []
    assert of_week(hours(valid_from=date(2025, 5, 31)), spring) != []


def test_hours_hold_at_least_one_session():
    assert of_week(hours(time(9), time(9, 50))) == []
    assert of_week(hours(time(9, 50), time(10, 39))) == [("items.0.ends", "too-short")]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, []),
        ({"last_day": date(2025, 6, 1)}, [("last_day", "wrong-order")]),
        ({"ends": None}, [("ends", "incomplete")]),
        ({"starts": None}, [("ends", "incomplete"), ("starts", "required")]),
        ({"starts": None, "ends": None}, [("starts", "required")]),
        ({"ends": time(9)}, [("ends", "wrong-order")]),
        ({"ends": time(8)}, [("ends", "wrong-order")]),
        ({"ends": time(9, 1)}, []),
        ({"site": uuid4()}, [("site", "not-their-site")]),
        ({"modes": ()}, [("modes", "not-their-mode")]),
        ({"modes": (Mode.PHONE,)}, [("modes", "not-their-mode")]),
        (
            {"last_day": date(2025, 6, 1), "modes": ()},
            [("last_day", "wrong-order"), ("modes", "not-their-mode")],
        ),
    ],
)
def test_extra_hours_are_refused_by_field(said, expected):
    counsellor = a_counsellor(id=COUNSELLOR.id, sites=[SITE], modes=list(BOTH))

    assert faults(check_exception, an_exception(**said), counsellor) == expected


def test_leave_needs_neither_hours_nor_a_site():
    assert of_exception(kind=ExceptionKind.AWAY) == []
    assert of_exception(kind=ExceptionKind.AWAY, starts=time(9), ends=time(10)) == []
    assert of_exception(kind=ExceptionKind.AWAY, starts=time(9)) == [("ends", "incomplete")]


def test_each_room_that_is_none_is_named_by_its_place():
    room = Room(id=uuid4(), site=SITE, name="1", kind=RoomKind.COUNSELLING)
    closed = Room(id=uuid4(), site=SITE, name="2", kind=RoomKind.COUNSELLING, active=False)
    week = [hours(), hours(room=room.id), hours(room=closed.id), hours(room=uuid4())]

    found = faults(check_rooms, week, [room, closed], "items.{place}.room")

    assert found == [("items.2.room", "not-there"), ("items.3.room", "not-there")]


def test_hours_are_arranged_by_oneself_or_from_above():
    def somebody(role, unit, person=None):
        return Principal(person or uuid4(), frozenset({role}), unit)

    counsellor = a_counsellor(unit="wh/hc/e1")
    for allowed in (
        somebody(Role.COUNSELLOR, "elsewhere", counsellor.id),
        somebody(Role.CITY_ADMIN, "wh"),
        somebody(Role.DISTRICT_ADMIN, "wh/hc"),
    ):
        arranges(allowed, counsellor, "availability.write")
    for refused in (
        somebody(Role.COUNSELLOR, "wh/hc/e1"),
        somebody(Role.DISTRICT_ADMIN, "wh/h"),
        somebody(Role.WORKER, "wh/hc/e1"),
    ):
        with pytest.raises(CounsellorNotFound):
            arranges(refused, counsellor, "availability.write")


def sessions(openings, exceptions=(), days=(MONDAY,), counsellor=COUNSELLOR):
    return planned_slots(counsellor, openings, exceptions, days, PATTERN)


def test_an_opening_elsewhere_or_in_no_shared_way_hides_no_other():
    elsewhere, silent = hours(site=uuid4()), hours(modes=())

    found = sessions([elsewhere, silent, hours(time(9), time(10))])

    assert [slot.starts_at for slot in found] == [moment(MONDAY, time(9))]


def test_extra_hours_without_their_times_are_no_opening():
    half = [
        an_exception(ends=None),
        an_exception(starts=None),
        an_exception(starts=None, ends=None),
    ]

    found = sessions([], [*half, an_exception()])

    assert len(found) == 2


def test_a_day_one_may_not_work_on_ends_no_later_one():
    leaving = a_counsellor(credential_expires_on=MONDAY, sites=[SITE])
    days = (MONDAY + timedelta(days=7), MONDAY)

    assert [slot.starts_at for slot in sessions([hours(time(9), time(10))], (), days, leaving)] == [
        moment(MONDAY, time(9))
    ]


def test_sessions_keep_the_room_their_hours_name():
    room = uuid4()

    assert {slot.room for slot in sessions([hours(room=room)])} == {room}


def test_leave_all_day_ends_with_the_day():
    night = hours(time(0), time(0, 50), weekday=2)
    away = an_exception(ExceptionKind.AWAY)
    half_said = an_exception(ExceptionKind.AWAY, ends=time(1))

    tuesday = MONDAY + timedelta(days=1)
    assert len(sessions([hours(), night], [away], (MONDAY, tuesday))) == 1
    assert sessions([hours()], [half_said]) == []


def test_leave_that_touches_a_session_leaves_it_alone():
    before = an_exception(ExceptionKind.AWAY, starts=time(8), ends=time(9))
    after = an_exception(ExceptionKind.AWAY, starts=time(9, 50), ends=time(10))

    assert len(sessions([hours(time(9), time(10))], [before, after])) == 1


def test_a_taken_slot_back_on_the_plan_is_covered_again():
    slot = a_slot(state=SlotState.TAKEN, site=SITE, modes=BOTH, starts_at=NINE)
    slot.ends_at = NINE + timedelta(minutes=50)

    changes = changes_between([slot], [a_plan()], set())

    assert (changes.covered, changes.orphaned, changes.added) == ([slot], [], [])


@pytest.mark.parametrize("named", [True, False])
def test_a_plan_that_names_a_room_wants_the_slot_in_it(named):
    room, other = uuid4(), uuid4()
    slot = a_slot(site=SITE, modes=BOTH, starts_at=NINE, room=other)
    slot.ends_at = NINE + timedelta(minutes=50)

    plan = a_plan(room=room if named else None)
    changes = changes_between([slot], [plan], {room, other})

    assert changes.withdrawn == ([slot] if named else [])
    slot.room = room
    assert changes_between([slot], [plan], {room, other}).withdrawn == []


def test_a_room_that_is_named_is_used_while_it_is_free():
    first, second = uuid4(), uuid4()
    rooms = {SITE: [first, second]}

    (placed,) = with_rooms([a_plan(room=second)], rooms, {})
    assert (placed.room, placed.modes) == (second, BOTH)
    (without,) = with_rooms([a_plan(room=second)], rooms, {second: [Span(NINE, NINE + HOUR)]})
    assert (without.room, without.modes) == (None, (Mode.VIDEO,))
    (unknown,) = with_rooms([a_plan(room=uuid4())], rooms, {})
    assert unknown.room == first


def test_a_room_a_site_does_not_list_is_forgotten():
    (by_video,) = with_rooms([a_plan(room=uuid4(), modes=(Mode.VIDEO,))], {SITE: [uuid4()]}, {})
    (elsewhere,) = with_rooms([a_plan(room=uuid4())], {}, {})

    assert (by_video.room, elsewhere.room) == (None, None)


def test_sessions_one_after_the_other_share_a_room_and_those_at_once_do_not():
    room, other = uuid4(), uuid4()
    after = a_plan(NINE + timedelta(minutes=50))

    placed = with_rooms([a_plan(), after, a_plan()], {SITE: [room, other]}, {})

    assert [each.room for each in placed] == [room, room, other]
    busy = {room: [Span(NINE - HOUR, NINE), Span(NINE + timedelta(minutes=50), NINE + HOUR)]}
    assert with_rooms([a_plan()], {SITE: [room]}, busy)[0].room == room


def test_only_an_open_slot_can_be_held():
    for state in (SlotState.HELD, SlotState.TAKEN, SlotState.WITHDRAWN):
        with pytest.raises(SlotAlreadyTaken):
            a_slot(state=state).hold(uuid4())


def test_a_slot_on_the_last_day_of_the_credential_can_be_taken():
    day = a_slot().day
    a_slot(terms=Terms(6, day, active=True)).take(Mode.VIDEO, offer=None, now=NOW)

    with pytest.raises(CounsellorNotAvailable):
        late = a_slot(terms=Terms(6, day - timedelta(days=1), active=True))
        late.take(Mode.VIDEO, offer=None, now=NOW)


def test_the_ways_a_slot_does_have_are_named():
    with pytest.raises(ModeNotOffered) as refusal:
        a_slot(modes=BOTH).offers(Mode.PHONE)

    (fault,) = refusal.value.errors
    assert (fault.message, fault.code) == ("one of in-person, video", "not-offered")


def test_a_slot_given_back_is_no_longer_marked():
    slot = a_slot(state=SlotState.TAKEN, orphaned=True)
    slot.release()

    assert (slot.state, slot.orphaned, slot.held_by) == (SlotState.WITHDRAWN, False, None)


def test_the_night_before_belongs_to_another_day():
    late: datetime = moment(MONDAY, time(23, 59))

    assert a_slot(starts_at=late).day == MONDAY
    assert a_slot(starts_at=late + timedelta(minutes=1)).day == MONDAY + timedelta(days=1)
