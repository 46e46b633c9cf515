"""Offers by the policy: made, joined, held slots, declined, expired."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
import pytest

from services.booking.availability.slots import SlotState
from services.booking.offers.domain import (
    OfferAlreadyDeclined,
    OfferExpired,
    OfferNotFound,
    OfferState,
)
from services.booking.offers.holding import OFFER_DUE
from services.booking.offers.policy import DEFAULT, load_offer_policy
from services.booking.offers.usecases import (
    DeclineOffer,
    LookAfterOffer,
    MakeOffer,
    decline_offer,
    look_after_offer,
    make_offer,
)
from services.chassis.clock import FixedClock
from services.contracts.booking import OfferDeclinedV1, OfferExpiredV1, OfferMadeV1
from tests.unit.booking.builders import HOUR, NINE, NOW, a_slot, an_offer
from tests.unit.booking.fakes import FakeWork

POLICY = load_offer_policy()
DAY = timedelta(days=1)


@pytest.fixture
def uow():
    return FakeWork()


@pytest.fixture
def clock():
    return FixedClock(NOW)


def a_result(care_level=2, **said):
    fields = {"offer": uuid4(), "response": uuid4(), "person": uuid4(), "unit": "wh/hc/e1"}
    return MakeOffer(**{**fields, "care_level": care_level, **said})


def slots(uow, *starts, **said):
    found = [a_slot(starts_at=each, **said) for each in starts]
    uow.slots.save(*found)
    return found


def make(uow, clock, command):
    return make_offer(command, uow=uow, clock=clock, policy=POLICY)


def look_after(uow, offer):
    look_after_offer(LookAfterOffer(offer=offer.id), uow=uow, policy=POLICY)


@pytest.mark.parametrize(("care_level", "urgency"), [(2, 2), (3, 3), (4, 4)])
def test_level_two_and_above_is_offered_counselling_for_three_days(uow, clock, care_level, urgency):
    command = a_result(care_level)

    offer = make(uow, clock, command)

    assert offer.urgency == urgency
    assert offer.expires_at == NOW + timedelta(hours=72)
    assert uow.published == [
        OfferMadeV1(
            offer=offer.id,
            person=command.person,
            urgency=urgency,
            expires_at=offer.expires_at,
            response=command.response,
        )
    ]


@pytest.mark.parametrize("care_level", [0, 1])
def test_below_level_two_nothing_is_offered(uow, clock, care_level):
    assert make(uow, clock, a_result(care_level)) is None
    assert uow.published == []


@pytest.mark.parametrize(
    ("care_level", "fitting", "late"),
    [
        (2, NOW + 7 * DAY - HOUR, NOW + 7 * DAY + HOUR),
        (3, NOW + 3 * DAY - HOUR, NOW + 3 * DAY + HOUR),
        (4, datetime(2025, 6, 2, 15, tzinfo=UTC), datetime(2025, 6, 2, 17, tzinfo=UTC)),
    ],
)
def test_a_slot_fits_within_seven_days_three_days_or_the_same_day(
    uow, clock, care_level, fitting, late
):
    slots(uow, late)
    assert make(uow, clock, a_result(care_level)).slot is None

    (slot,) = slots(uow, fitting)
    assert make(uow, clock, a_result(care_level)).slot == slot.id
    assert slot.state is SlotState.HELD


def test_the_earliest_slot_is_held_and_counts_towards_the_day(uow, clock):
    _late, early = slots(uow, NINE + HOUR, NINE)

    offer = make(uow, clock, a_result())

    assert offer.slot == early.id
    assert uow.slots.used[early.counsellor, early.day] == 1


def test_at_level_two_the_own_district_goes_before_an_earlier_slot(uow, clock):
    near, _far = slots(uow, NINE + DAY, NINE)
    uow.slots.district[near.site] = "wh/hc"

    assert make(uow, clock, a_result(2)).slot == near.id


def test_at_level_three_the_earliest_slot_wins(uow, clock):
    near, far = slots(uow, NINE + DAY, NINE)
    uow.slots.district[near.site] = "wh/hc"

    assert make(uow, clock, a_result(3)).slot == far.id


def test_a_slot_about_to_start_is_not_held(uow, clock):
    slots(uow, NOW + timedelta(minutes=30))

    assert make(uow, clock, a_result()).slot is None


def test_a_second_result_joins_the_open_offer_and_raises_its_urgency(uow, clock):
    first = a_result(2)
    offer = make(uow, clock, first)
    clock.advance(DAY)

    second = a_result(3, person=first.person)
    joined = make(uow, clock, second)

    assert joined.id == offer.id
    assert joined.urgency == 3
    assert joined.expires_at == NOW + DAY + timedelta(hours=72)
    assert uow.offers.responses == {first.response: offer.id, second.response: offer.id}
    assert len(uow.published) == 1


def test_a_milder_result_does_not_lower_the_urgency(uow, clock):
    first = a_result(4)
    make(uow, clock, first)

    assert make(uow, clock, a_result(2, person=first.person)).urgency == 4


def test_a_more_urgent_result_moves_the_hold_to_an_earlier_slot(uow, clock):
    (late,) = slots(uow, NOW + 6 * DAY)
    first = a_result(2)
    make(uow, clock, first)
    (early,) = slots(uow, NOW + DAY)

    offer = make(uow, clock, a_result(3, person=first.person))

    assert offer.slot == early.id
    assert late.state is SlotState.OPEN
    assert uow.slots.used[late.counsellor, late.day] == 0


def test_a_more_urgent_result_keeps_the_slot_when_no_earlier_one_is_open(uow, clock):
    (late,) = slots(uow, NOW + 6 * DAY)
    first = a_result(2)
    make(uow, clock, first)

    assert make(uow, clock, a_result(3, person=first.person)).slot == late.id


def test_a_result_after_the_expiry_makes_a_new_offer(uow, clock):
    first = a_result()
    old = make(uow, clock, first)
    clock.advance(timedelta(hours=72))

    new = make(uow, clock, a_result(person=first.person))

    assert new.id != old.id
    assert old.state is OfferState.EXPIRED
    kinds = [type(event) for event in uow.published]
    assert kinds == [OfferMadeV1, OfferExpiredV1, OfferMadeV1]


def test_the_clock_rings_when_the_held_slot_is_about_to_start(uow, clock):
    slots(uow, NINE)

    make(uow, clock, a_result())

    assert uow.timers.of(OFFER_DUE) == [NINE - HOUR]


def test_a_held_slot_about_to_start_is_given_up_for_the_next_one(uow, clock):
    first, second = slots(uow, NINE, NINE + DAY)
    offer = make(uow, clock, a_result())

    uow.clock_now = NINE - HOUR
    look_after(uow, offer)

    assert offer.slot == second.id
    assert (first.state, second.state) == (SlotState.OPEN, SlotState.HELD)


def test_an_offer_without_a_slot_looks_again_every_hour(uow, clock):
    offer = make(uow, clock, a_result())
    (slot,) = slots(uow, NINE)

    uow.clock_now = NOW + HOUR
    look_after(uow, offer)

    assert uow.timers.of(OFFER_DUE)[0] == NOW + HOUR
    assert offer.slot == slot.id


def test_a_slot_that_was_lost_is_replaced(uow, clock):
    first, second = slots(uow, NINE, NINE + DAY)
    offer = make(uow, clock, a_result())
    first.withdraw()

    look_after(uow, offer)

    assert offer.slot == second.id


def test_a_full_day_is_left_out(uow, clock):
    (slot,) = slots(uow, NINE)
    uow.slots.used[slot.counsellor, slot.day] = slot.terms.daily_limit

    assert make(uow, clock, a_result()).slot is None


def test_an_offer_nobody_answers_expires_in_its_own_loop_and_frees_its_slot(uow, clock):
    (slot,) = slots(uow, NINE + 3 * DAY)
    offer = make(uow, clock, a_result())
    uow.correlation_id = "loop-of-the-timer"

    uow.clock_now = offer.expires_at
    look_after(uow, offer)

    assert offer.state is OfferState.EXPIRED
    assert slot.state is SlotState.OPEN
    assert uow.published[-1] == OfferExpiredV1(offer=offer.id, person=offer.person)
    assert uow.loops[-1] == "loop-of-the-request"


def test_a_clock_that_rings_after_the_answer_finds_nothing_to_do(uow):
    offer = an_offer(state=OfferState.DECLINED)
    uow.offers.save(offer)

    look_after(uow, offer)

    assert (uow.published, uow.timers.due) == ([], {})


def test_declining_frees_the_slot(uow, clock):
    (slot,) = slots(uow, NINE)
    offer = make(uow, clock, a_result())

    decline_offer(DeclineOffer(offer=offer.id, by=offer.person), uow=uow, clock=clock)

    assert (offer.state, offer.slot) == (OfferState.DECLINED, None)
    assert slot.state is SlotState.OPEN
    assert uow.published[-1] == OfferDeclinedV1(offer=offer.id, person=offer.person)


def test_nobody_declines_an_offer_of_somebody_else(uow, clock):
    offer = make(uow, clock, a_result())

    with pytest.raises(OfferNotFound):
        decline_offer(DeclineOffer(offer=offer.id, by=uuid4()), uow=uow, clock=clock)


def test_an_offer_is_declined_once_and_in_time(uow, clock):
    offer = make(uow, clock, a_result())
    command = DeclineOffer(offer=offer.id, by=offer.person)
    late = make(uow, clock, a_result())
    decline_offer(command, uow=uow, clock=clock)

    with pytest.raises(OfferAlreadyDeclined):
        decline_offer(command, uow=uow, clock=clock)
    clock.advance(timedelta(hours=72))
    with pytest.raises(OfferExpired):
        decline_offer(DeclineOffer(offer=late.id, by=late.person), uow=uow, clock=clock)


def test_a_policy_file_with_an_unknown_word_is_refused(tmp_path):
    file = tmp_path / "policy.json"
    file.write_text('{"id": "offers", "version": "2", "opens": 3}')

    with pytest.raises(msgspec.ValidationError):
        load_offer_policy(file)


def test_a_level_without_a_window_is_refused(tmp_path):
    document = msgspec.json.decode(
        b'{"id":"o","version":"2","source":"","open_hours":1,"look_again_minutes":1,'
        b'"hold_ends_minutes_before_start":1,"levels":{"2":{}}}'
    )
    file = tmp_path / "policy.json"
    file.write_bytes(msgspec.json.encode(document))

    with pytest.raises(msgspec.ValidationError):
        load_offer_policy(file)


def test_the_offer_pins_the_policy_it_was_made_by(uow, clock):
    assert make(uow, clock, a_result()).policy == "offers-1.0.0"


def test_no_policy_makes_an_offer_of_no_care(tmp_path):
    document = msgspec.json.decode(DEFAULT.read_bytes())
    document["levels"]["0"] = {"within_days": 7}
    file = tmp_path / "policy.json"
    file.write_bytes(msgspec.json.encode(document))

    with pytest.raises(msgspec.ValidationError, match="no care"):
        load_offer_policy(file)
