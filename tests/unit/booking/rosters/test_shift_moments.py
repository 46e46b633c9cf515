"""Shifts, chains and gaps at the very moment they begin, meet or end."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.booking.rosters.chain import chain_for
from services.booking.rosters.domain import BACKING, Shift, ShiftIsOver, ShiftTooLong, officers_of
from services.booking.rosters.gaps import Gap, Hours, filled, news, uncovered
from services.chassis.access import Role
from tests.unit.booking.builders import AFTER, BEFORE, HOUR, INSTANT, NINE


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
        with pytest.raises(ShiftTooLong) as refusal:
            a_shift(ends_at=wrong).check_length(HOUR)
        assert [each.field for each in refusal.value.errors] == ["ends_at"]


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
