"""From a claim to an outcome, and from the outcome into the books."""

import time
from datetime import timedelta
from uuid import uuid4

import pytest

from services.contracts.notification import Channel
from services.notification.contacts.usecases import Found, NoAddress, Unknown
from services.notification.delivery.courier import Courier
from services.notification.delivery.domain import Accepted, Postponed, Refused
from services.notification.delivery.lanes import Lane, Lanes
from services.notification.delivery.post import PostOffice
from services.notification.escalations.ports import PagingPolicy
from services.notification.escalations.usecases.start_escalation import (
    StartEscalation,
    start_escalation,
)
from services.notification.messages.domain import DeliveryState, Reason
from services.notification.messages.sealing import unseal
from services.notification.messages.usecases.send_code import SendCode, send_code
from services.notification.messages.usecases.tell_of_offer import offer_made
from services.notification.wording.catalogue import catalogue
from tests.unit.notification.fakes import NOON, FakeVault, FakeWork, a_rung


class Channels:
    def __init__(self):
        self.letters = []

    def send(self, letter):
        self.letters.append(letter)
        return Accepted()


def an_office(whereabouts=None, channel=None, fallbacks=()):
    return PostOffice(
        channels={Channel.EMAIL: channel} if channel else {},
        find_address=lambda _person, _channel: whereabouts,
        open_sealed=lambda claim: unseal(claim.person, claim.values, FakeVault()),
        fallbacks=fallbacks,
        catalogue=catalogue(),
        public_url="https://x.cn/",
    )


def an_offer(uow):
    return offer_made(uuid4(), uuid4(), NOON + timedelta(hours=72), unit="", uow=uow)[0]


def a_page(uow, **fields):
    command = StartEscalation(
        case=uuid4(), sequence=1, **{"chain": [a_rung()], "fallback": False, **fields}
    )
    return start_escalation(command, policy=PagingPolicy(), uow=uow)[0]


def test_a_letter_is_written_in_the_persons_language():
    channel = Channels()

    outcome = an_office(Found("a@b.cn", "en"), channel).send(an_offer(FakeWork()))

    (letter,) = channel.letters
    assert outcome == Accepted() and letter.address == "a@b.cn"
    assert letter.subject == "You have a new message" and "https://x.cn/inbox" in letter.body


@pytest.mark.parametrize(
    ("whereabouts", "outcome"),
    [
        (NoAddress(), Refused(Reason.NO_ADDRESS)),
        (Unknown(), Postponed(Reason.ADDRESS_UNKNOWN)),
    ],
)
def test_without_an_address_nothing_is_sent(whereabouts, outcome):
    channel = Channels()

    assert an_office(whereabouts, channel).send(an_offer(FakeWork())) == outcome
    assert not channel.letters


def test_without_a_mail_server_there_is_no_channel():
    assert an_office().send(an_offer(FakeWork())) == Refused(Reason.NO_CHANNEL)


def test_a_fallback_page_goes_to_the_settings_address():
    channel = Channels()
    claim = a_page(FakeWork(), chain=[], fallback=True)

    assert an_office(channel=channel, fallbacks=["f@b.cn"]).send(claim) == Accepted()
    assert channel.letters[0].address == "f@b.cn"
    assert an_office(channel=channel).send(claim) == Refused(Reason.NO_ADDRESS)


def test_a_page_tells_neither_person_nor_case():
    channel = Channels()
    uow = FakeWork()
    claim = a_page(uow)

    an_office(Found("o@b.cn", "zh"), channel).send(claim)

    (case,) = uow.escalations.stored
    text = channel.letters[0].subject + channel.letters[0].body
    assert str(case) not in text and "https://x.cn/duty" in text


def a_courier(uow, send=lambda _claim: Accepted(), new_work=None, pauses=None):
    sleep = (pauses if pauses is not None else []).append
    return Courier("ordinary", 1.0, send, new_work or (lambda: uow), sleep)


def test_a_courier_records_what_came_of_it():
    uow = FakeWork()

    a_courier(uow).deliver(an_offer(uow), time.monotonic())

    assert uow.only_message().by(Channel.EMAIL).state is DeliveryState.SENT


def test_a_claim_that_waited_out_its_lease_is_left_to_its_timer():
    uow, sent = FakeWork(), []

    a_courier(uow, sent.append).deliver(an_offer(uow), time.monotonic() - 119.5)

    assert not sent


def test_a_claim_that_was_never_committed_is_not_sent():
    uow, sent = FakeWork(), []
    claim = an_offer(FakeWork())

    a_courier(uow, sent.append).deliver(claim, time.monotonic())

    assert not sent


def test_what_was_accepted_is_recorded_through_an_outage():
    uow, pauses = FakeWork(), []
    claim = an_offer(uow)
    answers = iter([lambda: uow, _broken, _broken, lambda: uow])

    a_courier(uow, new_work=lambda: next(answers)(), pauses=pauses).deliver(claim, time.monotonic())

    assert uow.only_message().by(Channel.EMAIL).state is DeliveryState.SENT
    assert len(pauses) == 2


def _broken():
    raise OSError("the database is away")


def test_pages_have_a_lane_of_their_own():
    uow = FakeWork()
    lanes = Lanes(
        Lane(a_courier(uow), workers=1, backlog=1), Lane(a_courier(uow), workers=1, backlog=1)
    )

    lanes.put([an_offer(uow), a_page(uow), an_offer(uow)])

    assert lanes.pages._queue.qsize() == lanes.ordinary._queue.qsize() == 1


def a_code(**fields):
    good = {
        "message": uuid4(),
        "person": uuid4(),
        "channel": Channel.EMAIL,
        "address": "new@b.cn",
        "language": "en",
        "code": "ABCD-EFGH",
        "expires_at": NOON + timedelta(minutes=30),
    }
    return SendCode(**{**good, **fields})


def test_a_one_time_code_is_mailed_once_and_never_lies_open():
    uow, channel, order = FakeWork(), Channels(), a_code()

    (claim,) = send_code(order, uow=uow)
    assert send_code(order, uow=uow) == []
    an_office(channel=channel).send(claim)

    (letter,) = channel.letters
    assert (letter.address, letter.subject) == ("new@b.cn", "Your one-time code")
    assert "ABCD-EFGH" in letter.body
    stored = str(uow.only_message())
    assert "ABCD" not in stored and "new@" not in stored


def test_a_code_that_has_ended_is_not_sent():
    assert send_code(a_code(expires_at=NOON), uow=FakeWork()) == []
