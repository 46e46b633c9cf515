"""Offers, appointments, shifts and sites at the very moment a rule begins or ends to hold."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from services.booking.appointments.domain import (
    Appointment,
    AppointmentAlreadyCancelled,
    AppointmentAlreadyCheckedIn,
    AppointmentAlreadyCompleted,
    AppointmentAlreadyStarted,
    AppointmentNotCheckedIn,
    AppointmentNotStarted,
    AppointmentState,
    AppointmentWasNoShow,
    OwnSlot,
    appointment_in,
)
from services.booking.experts.domain import UnknownSite, unknown_sites
from services.booking.offers.domain import (
    OfferAlreadyAccepted,
    OfferAlreadyDeclined,
    OfferExpired,
    OfferState,
)
from services.booking.rosters.chain import chain_for
from services.booking.rosters.domain import (
    BACKING,
    Shift,
    ShiftIsOver,
    ShiftTooLong,
    officers_of,
)
from services.booking.rosters.gaps import Gap, Hours, filled, news, uncovered
from services.booking.sites.domain import OutsideYourUnit, Room, RoomKind, administers
from services.chassis.access import Principal, Role
from services.contracts.booking import Mode
from tests.unit.booking.fakes import HOUR, NINE, NOW, a_counsellor, a_slot, an_offer

INSTANT = timedelta(microseconds=1)
BEFORE, AFTER = NINE - INSTANT, NINE + INSTANT


def an_appointment(mode=Mode.IN_PERSON, **said):
    slot = a_slot(starts_at=NINE, room=uuid4())
    made = appointment_in(
        slot,
        appointment=uuid4(),
        person=uuid4(),
        unit="wh/hc",
        mode=mode,
        offer=uuid4(),
        correlation_id="loop",
        now=NOW,
    )
    for name, value in said.items():
        setattr(made, name, value)
    return made


def a_shift(**said):
    given = {
        "id": uuid4(),
        "officer": uuid4(),
        "tier": 1,
        "unit": "wh",
        "starts_at": NINE,
        "ends_at": NINE + 8 * HOUR,
    }
    return Shift(**{**given, **said})


def test_an_offer_is_open_until_its_time_and_not_at_it():
    offer = an_offer(expires_at=NINE)

    assert offer.is_open(BEFORE)
    assert not offer.is_open(NINE)
    offer.must_be_open(BEFORE)
    with pytest.raises(OfferExpired):
        offer.must_be_open(NINE)


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (OfferState.ACCEPTED, OfferAlreadyAccepted),
        (OfferState.DECLINED, OfferAlreadyDeclined),
        (OfferState.EXPIRED, OfferExpired),
    ],
)
def test_an_offer_that_was_closed_says_how(state, refusal):
    offer = an_offer(state=state, expires_at=NINE)

    assert not offer.is_open(BEFORE)
    for answer in (offer.decline, lambda now: offer.accept(uuid4(), now)):
        with pytest.raises(refusal):
            answer(BEFORE)


def test_an_answer_closes_the_offer_and_lets_the_slot_go():
    accepted, declined, expired = (an_offer(slot=uuid4(), expires_at=NINE) for _ in range(3))
    appointment = uuid4()

    accepted.accept(appointment, BEFORE)
    declined.decline(BEFORE)
    expired.expire(AFTER)

    assert (accepted.state, accepted.appointment) == (OfferState.ACCEPTED, appointment)
    assert (declined.state, declined.closed_at, declined.slot) == (
        OfferState.DECLINED,
        BEFORE,
        None,
    )
    assert (expired.state, expired.closed_at, expired.slot) == (OfferState.EXPIRED, AFTER, None)
    assert (accepted.closed_at, accepted.slot) == (BEFORE, None)


def test_a_new_appointment_takes_all_that_the_slot_says():
    slot, person, offer = a_slot(starts_at=NINE, room=uuid4()), uuid4(), uuid4()
    number = uuid4()

    made = appointment_in(
        slot,
        appointment=number,
        person=person,
        unit="wh/hc",
        mode=Mode.IN_PERSON,
        offer=offer,
        correlation_id="loop",
        now=NOW,
    )

    assert made == Appointment(
        id=number,
        person=person,
        unit="wh/hc",
        slot=slot.id,
        counsellor=slot.counsellor,
        site=slot.site,
        room=slot.room,
        mode=Mode.IN_PERSON,
        starts_at=NINE,
        ends_at=slot.ends_at,
        correlation_id="loop",
        booked_at=NOW,
        changed_at=NOW,
        offer=offer,
        state=AppointmentState.BOOKED,
    )
    with pytest.raises(OwnSlot):
        appointment_in(
            slot,
            appointment=number,
            person=slot.counsellor,
            unit="wh",
            mode=Mode.VIDEO,
            offer=None,
            correlation_id="loop",
            now=NOW,
        )


def test_an_appointment_moves_with_everything_that_belongs_to_the_slot():
    appointment, slot = an_appointment(), a_slot(starts_at=NINE + HOUR, room=uuid4())

    appointment.move_to(slot, Mode.IN_PERSON, BEFORE)

    assert (appointment.slot, appointment.counsellor, appointment.site) == (
        slot.id,
        slot.counsellor,
        slot.site,
    )
    assert (appointment.starts_at, appointment.ends_at) == (slot.starts_at, slot.ends_at)
    assert (appointment.mode, appointment.room) == (Mode.IN_PERSON, slot.room)
    assert appointment.changed_at == BEFORE
    appointment.move_to(slot, Mode.VIDEO, BEFORE)
    assert (appointment.mode, appointment.room) == (Mode.VIDEO, None)


def test_once_it_starts_an_appointment_is_neither_moved_nor_cancelled():
    appointment = an_appointment()

    for change in (appointment.cancel, lambda now: appointment.move_to(a_slot(), Mode.VIDEO, now)):
        with pytest.raises(AppointmentAlreadyStarted):
            change(NINE)
    appointment.cancel(BEFORE)
    assert (appointment.state, appointment.changed_at) == (AppointmentState.CANCELLED, BEFORE)


def test_what_took_place_can_be_said_from_the_start_on():
    early, missed = an_appointment(), an_appointment()

    with pytest.raises(AppointmentNotCheckedIn):
        early.complete(BEFORE)
    with pytest.raises(AppointmentNotStarted):
        missed.mark_no_show(BEFORE)
    early.complete(NINE)
    missed.mark_no_show(NINE)

    assert (early.state, early.changed_at) == (AppointmentState.COMPLETED, NINE)
    assert (missed.state, missed.changed_at) == (AppointmentState.NO_SHOW, NINE)


def test_whoever_has_come_can_be_seen_before_the_hour():
    appointment = an_appointment()

    appointment.check_in(BEFORE)
    assert (appointment.state, appointment.changed_at) == (AppointmentState.CHECKED_IN, BEFORE)
    with pytest.raises(AppointmentAlreadyCheckedIn):
        appointment.mark_no_show(NINE)
    appointment.complete(BEFORE)

    assert appointment.state is AppointmentState.COMPLETED


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (AppointmentState.CHECKED_IN, AppointmentAlreadyCheckedIn),
        (AppointmentState.COMPLETED, AppointmentAlreadyCompleted),
        (AppointmentState.NO_SHOW, AppointmentWasNoShow),
        (AppointmentState.CANCELLED, AppointmentAlreadyCancelled),
    ],
)
def test_only_what_is_booked_can_change(state, refusal):
    appointment = an_appointment(state=state)

    for change in (
        appointment.cancel,
        appointment.check_in,
        appointment.mark_no_show,
        lambda now: appointment.move_to(a_slot(), Mode.VIDEO, now),
    ):
        with pytest.raises(refusal):
            change(BEFORE)


def test_an_appointment_belongs_to_both_sides_each_in_their_own_way():
    appointment = an_appointment()

    assert appointment.belongs_to(appointment.person, in_care=False)
    assert appointment.belongs_to(appointment.person, in_care=True)
    assert appointment.belongs_to(appointment.counsellor, in_care=True)
    assert not appointment.belongs_to(appointment.counsellor, in_care=False)
    assert not appointment.belongs_to(uuid4(), in_care=True)


def test_a_shift_begins_with_its_first_moment_and_ends_before_its_last():
    shift = a_shift(ends_at=NINE + HOUR)

    assert [shift.covers(at) for at in (BEFORE, NINE, NINE + HOUR - INSTANT, NINE + HOUR)] == [
        False,
        True,
        True,
        False,
    ]


def test_a_case_without_a_unit_is_the_citys():
    assert a_shift(unit="wh").serves("")
    assert not a_shift(unit="wh/hc").serves("")
    assert a_shift(unit="wh/hc").serves("wh/hc")
    assert a_shift(unit="wh/hc").serves("wh/hc/e1")
    assert not a_shift(unit="wh/hc").serves("wh/hcx")
    assert not a_shift(unit="wh/hc").serves("wh")


def test_shifts_overlap_when_they_share_a_moment_officer_tier_and_unit():
    shift = a_shift(ends_at=NINE + HOUR)
    same = {"officer": shift.officer, "starts_at": NINE + HOUR - INSTANT}

    assert shift.overlaps(a_shift(**same))
    assert a_shift(**same).overlaps(shift)
    for other in ({"starts_at": NINE + HOUR}, {"tier": 2}, {"unit": "wh/hc"}, {"officer": uuid4()}):
        assert not shift.overlaps(a_shift(**{**same, **other}))
        assert not a_shift(**{**same, **other}).overlaps(shift)


def test_a_shift_lasts_longer_than_nothing_and_at_most_the_longest():
    a_shift(ends_at=NINE + HOUR).check_length(HOUR)
    a_shift(ends_at=AFTER).check_length(HOUR)

    for wrong in (NINE, BEFORE, NINE + HOUR + INSTANT):
        with pytest.raises(ShiftTooLong):
            a_shift(ends_at=wrong).check_length(HOUR)


def test_a_shift_taken_off_keeps_what_was_done_of_it():
    shift = a_shift(ends_at=NINE + HOUR)

    assert shift.ended(BEFORE) is shift.ended(NINE) is None
    kept = shift.ended(AFTER)
    assert kept is not None
    assert (kept.id, kept.starts_at, kept.ends_at) == (shift.id, NINE, AFTER)
    with pytest.raises(ShiftIsOver):
        shift.ended(NINE + HOUR)


def test_a_shift_is_taken_over_for_the_rest_of_it():
    shift, officer, number = a_shift(ends_at=NINE + HOUR), uuid4(), uuid4()

    running = shift.taken_over(officer, AFTER, shift_id=number)
    future = shift.taken_over(officer, BEFORE, shift_id=number)

    assert (running.id, running.officer, running.starts_at) == (number, officer, AFTER)
    assert (future.starts_at, future.ends_at) == (NINE, NINE + HOUR)
    with pytest.raises(ShiftIsOver):
        shift.taken_over(officer, NINE + HOUR, shift_id=number)


def test_tiers_that_must_not_be_empty_are_for_officers():
    assert officers_of(1, [1, 2]) == {Role.DUTY}
    assert officers_of(3, [1, 2]) == BACKING == {Role.DUTY, Role.COUNSELLOR, Role.CLINICAL_LEAD}


def test_an_officer_on_two_tiers_is_paged_once_and_the_next_tier_is_not_put_off():
    both, second = uuid4(), uuid4()
    shifts = [a_shift(officer=both), a_shift(officer=both, tier=2), a_shift(officer=second, tier=3)]
    marks = [timedelta(minutes=minutes) for minutes in (0, 15, 30)]

    pages = chain_for(shifts, unit="wh", since=NINE, now=NINE, marks=marks)

    assert [(page.officer, page.tier, page.due_at) for page in pages] == [
        (both, 1, NINE),
        (second, 3, NINE + timedelta(minutes=15)),
    ]


def test_a_chain_has_as_many_places_as_marks():
    shifts = [a_shift(tier=tier) for tier in (1, 2, 3)]

    pages = chain_for(shifts, unit="wh", since=NINE, now=NINE + HOUR, marks=[timedelta(0)] * 2)

    assert [(page.tier, page.due_at) for page in pages] == [(1, NINE + HOUR), (2, NINE + HOUR)]


def test_gaps_end_where_the_next_shift_begins_or_the_horizon_ends():
    ends = NINE + 10 * HOUR
    beyond = a_shift(starts_at=ends, ends_at=ends + HOUR)
    shifts = [a_shift(starts_at=NINE + HOUR, ends_at=NINE + 2 * HOUR), beyond]

    found = uncovered(shifts, tiers=[1, 2], starts_at=NINE, ends_at=ends)

    assert found == [
        Hours(tier=1, starts_at=NINE, ends_at=NINE + HOUR),
        Hours(tier=1, starts_at=NINE + 2 * HOUR, ends_at=ends),
        Hours(tier=2, starts_at=NINE, ends_at=ends),
    ]
    longer = [a_shift(ends_at=ends), a_shift(starts_at=NINE + HOUR, ends_at=NINE + 2 * HOUR)]
    assert uncovered(longer, tiers=[1], starts_at=NINE, ends_at=ends) == []
    assert uncovered([beyond], tiers=[1], starts_at=NINE, ends_at=ends) == [
        Hours(tier=1, starts_at=NINE, ends_at=ends)
    ]


def test_a_gap_goes_on_in_hours_that_touch_it():
    gap = Gap(id=uuid4(), tier=1, starts_at=NINE, ends_at=NINE + HOUR)
    touching = Hours(tier=1, starts_at=NINE + HOUR, ends_at=NINE + 2 * HOUR)
    before = Hours(tier=1, starts_at=NINE - HOUR, ends_at=NINE)
    later = Hours(tier=1, starts_at=NINE + HOUR + INSTANT, ends_at=NINE + 3 * HOUR)
    other = Hours(tier=2, starts_at=NINE, ends_at=NINE + 2 * HOUR)

    assert [gap.meets(each) for each in (touching, before, later, other)] == [
        True,
        True,
        False,
        False,
    ]
    assert gap.grown([touching, later, other]).ends_at == NINE + 2 * HOUR
    assert gap.grown([before]).ends_at == NINE + HOUR
    assert news([touching, later], [gap]) == [later]
    assert filled([later, other], [gap]) == [gap]
    assert filled([touching], [gap]) == []


def test_a_counsellor_works_up_to_the_last_day_of_the_credential():
    counsellor = a_counsellor(credential_expires_on=date(2025, 6, 2))

    assert counsellor.may_work_on(date(2025, 6, 2))
    assert not counsellor.may_work_on(date(2025, 6, 3))
    assert not a_counsellor(active=False).may_work_on(date(2025, 6, 2))


def test_a_counsellor_changes_in_what_is_named():
    counsellor = a_counsellor(daily_limit=6)

    counsellor.change({"daily_limit": 3, "active": False})

    assert (counsellor.daily_limit, counsellor.active, counsellor.unit) == (3, False, "wh/hc")


def test_sites_that_are_none_are_named_by_their_place():
    known, missing, other = uuid4(), uuid4(), uuid4()

    with pytest.raises(UnknownSite) as refusal:
        unknown_sites([known, missing, other], {missing, other})

    assert [(each.field, each.code) for each in refusal.value.errors] == [
        ("sites.1", "unknown-site"),
        ("sites.2", "unknown-site"),
    ]
    unknown_sites([known], {missing})


def test_sessions_are_held_in_open_counselling_rooms():
    def a_room(**said):
        return Room(id=uuid4(), site=uuid4(), name="1", **{"kind": RoomKind.COUNSELLING, **said})

    assert a_room().holds_sessions
    assert not a_room(active=False).holds_sessions
    assert not a_room(kind=RoomKind.MUSIC).holds_sessions
    assert a_room().equipment == []


def test_whoever_administers_does_so_within_the_own_subtree():
    def somebody(role, unit):
        return Principal(uuid4(), frozenset({role}), unit)

    administers(somebody(Role.CITY_ADMIN, "wh"), "anywhere")
    administers(somebody(Role.DISTRICT_ADMIN, "wh/hc"), "wh/hc/e1")
    for role, unit in ((Role.DISTRICT_ADMIN, "wh/h"), (Role.WORKER, "wh/h")):
        with pytest.raises(OutsideYourUnit, match="wh/hc/e1 does not belong to wh/h"):
            administers(somebody(role, unit), "wh/hc/e1")
    everybody = somebody(Role.DUTY, "wh/h")
    administers(everybody, "wh/hc", action="roster.plan")
