"""Messages and deliveries at their edges: told once, tried so often, useful until a moment."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.contracts.notification import Channel
from services.notification.delivery.domain import ORDINARY, PAGES, claim_of, policy_of
from services.notification.messages.domain import (
    About,
    DeliveryState,
    MessageDelivered,
    MessageFailed,
    MessageSent,
    Reason,
    compose,
)
from tests.unit.notification.fakes import INSTANT, NOON, at


def a_message(**said):
    ids = {channel: uuid4() for channel in (Channel.IN_APP, Channel.EMAIL)}
    given = {
        "message_id": uuid4(),
        "person": uuid4(),
        "kind": "a-kind",
        "values": {"a": 1},
        "now": NOON,
        "channels": list(ids.items()),
    }
    return compose(**{**given, **said})


def test_a_message_holds_all_it_was_made_of():
    about, until, number = About(case=uuid4()), at(60), uuid4()

    message = a_message(
        message_id=number,
        about=about,
        fallback=2,
        urgent=True,
        unit="wh/hc",
        correlation_id="loop",
        useful_until=until,
    )

    assert (message.id, message.kind, message.values) == (number, "a-kind", {"a": 1})
    assert (message.about, message.fallback, message.urgent) == (about, 2, True)
    assert (message.unit, message.correlation_id, message.useful_until) == ("wh/hc", "loop", until)
    assert (message.created_at, message.read_at) == (NOON, None)
    plain = a_message()
    assert (plain.about, plain.fallback, plain.urgent) == (About(), None, False)
    assert (plain.unit, plain.correlation_id, plain.useful_until) == ("", "", None)


def test_the_inbox_has_it_at_once_and_the_mail_waits():
    message = a_message()

    inbox, mail = message.by(Channel.IN_APP), message.by(Channel.EMAIL)
    assert (inbox.state, inbox.changed_at, inbox.open) == (DeliveryState.SENT, NOON, False)
    assert (mail.state, mail.changed_at, mail.attempts) == (DeliveryState.QUEUED, NOON, 0)
    assert (mail.open, mail.reason, mail.carried_by) == (True, None, None)
    assert message.events == [MessageSent(message, Channel.IN_APP)]
    assert message.delivery(mail.id) is mail
    assert message.by(Channel.SMS) is None


def test_each_channel_ends_once_and_says_when():
    message = a_message()
    mail = message.by(Channel.EMAIL)
    message.events.clear()

    message.sent(mail, at(1))
    message.sent(mail, at(2))
    message.failed(mail, Reason.BROKEN, at(3))

    assert (mail.state, mail.changed_at, mail.reason) == (DeliveryState.SENT, at(1), None)
    assert message.events == [MessageSent(message, Channel.EMAIL)]


@pytest.mark.parametrize(
    ("urgent", "reason", "told"),
    [
        (False, Reason.RECIPIENT_REFUSED, True),
        (False, Reason.NO_ADDRESS, False),
        (True, Reason.NO_ADDRESS, True),
        (True, Reason.NO_CHANNEL, False),
        (True, Reason.NOT_NEEDED, False),
        (True, Reason.TOO_LATE, False),
        (True, Reason.BROKEN, True),
    ],
)
def test_a_failure_is_told_unless_nothing_went_wrong_and_nobody_was_paged(urgent, reason, told):
    message = a_message(urgent=urgent)
    mail = message.by(Channel.EMAIL)
    message.events.clear()

    message.failed(mail, reason, at(1))

    assert (mail.state, mail.reason, mail.changed_at) == (DeliveryState.FAILED, reason, at(1))
    assert message.events == ([MessageFailed(message, Channel.EMAIL, reason)] if told else [])


def test_what_is_read_has_arrived_once():
    message, mail_only = a_message(), a_message(channels=[(Channel.EMAIL, uuid4())])
    message.events.clear()

    message.read(at(1))
    message.read(at(2))
    mail_only.read(at(1))

    assert message.read_at == at(1)
    inbox = message.by(Channel.IN_APP)
    assert (inbox.state, inbox.changed_at) == (DeliveryState.DELIVERED, at(1))
    assert message.events == [MessageDelivered(message, Channel.IN_APP)]
    assert (mail_only.read_at, mail_only.events) == (at(1), [])


def test_an_inbox_that_failed_is_not_delivered_by_reading():
    message = a_message()
    inbox = message.by(Channel.IN_APP)
    inbox.to(DeliveryState.FAILED, NOON, Reason.BROKEN)

    message.read(at(1))

    assert inbox.state is DeliveryState.FAILED


def test_a_message_is_useful_until_its_moment():
    message = a_message(useful_until=at(10))

    assert not message.useless(at(10) - INSTANT)
    assert message.useless(at(10))
    assert not a_message().useless(at(10**6))


@pytest.mark.parametrize(("policy", "waits"), [(ORDINARY, 6), (PAGES, 9)])
def test_attempts_end_with_the_last_wait(policy, waits):
    assert [policy.wait_after(number) for number in range(1, waits + 1)] == list(policy.waits)
    assert policy.wait_after(waits + 1) is None


def test_the_waits_are_those_that_were_decided():
    assert [wait.total_seconds() for wait in ORDINARY.waits] == [60, 300, 900, 3600, 14400, 43200]
    assert [wait.total_seconds() for wait in PAGES.waits] == [5, 10, 20, 40, 60, 60, 120, 120, 180]
    assert (ORDINARY.lease, PAGES.lease) == (timedelta(minutes=2), timedelta(seconds=30))


def test_a_claim_says_what_to_send_to_whom_and_how_long_it_holds():
    urgent, calm = a_message(urgent=True, fallback=1), a_message()
    mail = urgent.by(Channel.EMAIL)
    mail.attempts = 3

    claim = claim_of(urgent, mail, {"b": 2})

    assert (claim.delivery, claim.message, claim.channel) == (mail.id, urgent.id, Channel.EMAIL)
    assert (claim.person, claim.fallback, claim.kind) == (urgent.person, 1, "a-kind")
    assert (claim.values, claim.urgent, claim.attempt) == ({"b": 2}, True, 3)
    assert (claim.lease, claim.created_at) == (PAGES.lease, NOON)
    assert (policy_of(urgent), policy_of(calm)) == (PAGES, ORDINARY)
