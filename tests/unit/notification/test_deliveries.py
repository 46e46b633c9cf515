"""The life of a delivery: claimed, settled, tried again, given up."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.contracts.notification import Channel, MessageFailedV1, MessageSentV1
from services.notification.delivery.domain import ORDINARY, Accepted, Postponed, Refused
from services.notification.delivery.usecases import is_mine, settle, try_again
from services.notification.messages.domain import DeliveryState, Reason
from services.notification.messages.usecases.read_messages import (
    NoSuchMessage,
    read_all,
    read_message,
)
from services.notification.messages.usecases.tell_of_gap import roster_gap_found
from services.notification.messages.usecases.tell_of_offer import offer_expired, offer_made
from tests.unit.notification.fakes import NOON, FakeWork


def an_offer(uow, person=None):
    (claim,) = offer_made(
        uuid4(), person or uuid4(), NOON + timedelta(hours=72), unit="wh", uow=uow
    )
    return claim


def mail(uow):
    return uow.only_message().by(Channel.EMAIL)


def test_an_accepted_mail_is_sent_once():
    uow = FakeWork()
    claim = an_offer(uow)

    settle(claim, Accepted(), uow=uow)
    settle(claim, Accepted(), uow=uow)

    assert mail(uow).state is DeliveryState.SENT
    assert [each.channel for each in uow.told(MessageSentV1)] == [Channel.IN_APP, Channel.EMAIL]
    assert not uow.timers.of("delivery")


def test_a_postponed_mail_waits_with_its_reason():
    uow = FakeWork()
    claim = an_offer(uow)

    settle(claim, Postponed(Reason.TRY_LATER), uow=uow)

    assert (mail(uow).state, mail(uow).reason) == (DeliveryState.QUEUED, Reason.TRY_LATER)
    assert uow.timers.of("delivery") == {f"{claim.delivery}/1": NOON + ORDINARY.waits[0]}


def test_a_claim_holds_until_a_later_one_is_made():
    uow = FakeWork()
    first = an_offer(uow)

    (second,) = try_again(first.delivery, 1, uow=uow)

    assert (is_mine(first, uow=uow), is_mine(second, uow=uow)) == (False, True)
    assert second.message == first.message


def test_a_lost_attempt_says_nothing_but_acceptance_always_counts():
    uow = FakeWork()
    first = an_offer(uow)
    (second,) = try_again(first.delivery, 1, uow=uow)

    settle(first, Refused(Reason.CONTENT_REFUSED), uow=uow)
    assert mail(uow).state is DeliveryState.QUEUED
    settle(first, Accepted(), uow=uow)

    assert mail(uow).state is DeliveryState.SENT and not is_mine(second, uow=uow)
    assert not uow.timers.of("delivery")


def test_an_old_timer_finds_its_attempt_gone():
    uow = FakeWork()
    claim = an_offer(uow)
    try_again(claim.delivery, 1, uow=uow)

    assert try_again(claim.delivery, 1, uow=uow) == []
    assert try_again(uuid4(), 1, uow=uow) == []


def test_attempts_that_are_all_lost_end_too():
    uow = FakeWork()
    claims = [an_offer(uow)]

    while claims:
        claims = try_again(claims[0].delivery, claims[0].attempt, uow=uow)

    assert mail(uow).reason is Reason.TIMEOUT
    assert uow.told(MessageFailedV1)[0].reason == "timeout"


def test_a_mail_that_outlived_its_purpose_is_quietly_given_up():
    uow = FakeWork()
    claim = an_offer(uow)
    uow.pass_time(hours=73)

    assert try_again(claim.delivery, 1, uow=uow) == []

    assert mail(uow).reason is Reason.TOO_LATE and not uow.told(MessageFailedV1)


def test_no_address_is_nobodys_failure():
    uow = FakeWork()

    settle(an_offer(uow), Refused(Reason.NO_ADDRESS), uow=uow)

    assert mail(uow).reason is Reason.NO_ADDRESS and not uow.told(MessageFailedV1)


def test_of_an_offer_that_has_ended_only_the_end_is_told():
    uow, person = FakeWork(), uuid4()

    assert offer_made(uuid4(), person, NOON, unit="", uow=uow) == []
    assert len(offer_expired(uuid4(), person, unit="", uow=uow)) == 1


def test_reading_is_for_the_owner():
    uow, person = FakeWork(), uuid4()
    an_offer(uow, person)
    message = uow.only_message()

    with pytest.raises(NoSuchMessage):
        read_message(message.id, uuid4(), uow=uow)
    read_message(message.id, person, uow=uow)

    assert uow.only_message().by(Channel.IN_APP).state is DeliveryState.DELIVERED
    assert read_all(person, NOON, uow=uow) == 0


def test_a_roster_gap_is_mailed_to_every_fallback_contact_while_it_matters():
    uow = FakeWork()
    gap = (NOON, NOON + timedelta(hours=4))

    assert len(roster_gap_found(*gap, fallbacks=2, unit="", uow=uow)) == 2
    uow.pass_time(hours=5)
    assert roster_gap_found(*gap, fallbacks=2, unit="", uow=uow) == []


def test_the_ordinary_schedule_outlasts_a_night():
    assert timedelta(hours=12) < sum(ORDINARY.waits, timedelta()) < timedelta(hours=24)
    assert list(ORDINARY.waits) == sorted(ORDINARY.waits)
