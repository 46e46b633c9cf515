"""Chains, messages and reminders at their edges: who is left out, and the very last moment."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.contracts.notification import Channel
from services.notification.delivery.domain import ORDINARY, PAGES, claim_of, policy_of
from services.notification.escalations.domain import (
    Escalation,
    EscalationAcknowledged,
    EscalationState,
    HandUp,
    Rung,
    ladder,
)
from services.notification.messages.domain import (
    About,
    DeliveryState,
    MessageDelivered,
    MessageFailed,
    MessageSent,
    Reason,
    compose,
)
from services.notification.reminders.domain import Appointment
from tests.unit.notification.fakes import NOON, a_card, a_rung

REPEAT = timedelta(minutes=15)
INSTANT = timedelta(microseconds=1)


def at(minutes):
    return NOON + timedelta(minutes=minutes)


def an_escalation(*rungs, **said):
    given = {
        "id": uuid4(),
        "case": uuid4(),
        "sequence": 1,
        "rungs": list(rungs),
        "started_at": NOON,
    }
    return Escalation(**{**given, **said})


def seen(rungs):
    return [(rung.officer, rung.tier, rung.due_at) for rung in rungs]


def test_the_fallback_goes_first_where_it_is_asked_for_and_the_officers_keep_their_times():
    one, two = a_rung(5), a_rung(20, tier=2)

    assert seen(ladder([two, one], fallback=True, now=NOON, pause=REPEAT)) == [
        (None, 0, NOON),
        (one.officer, 1, at(5)),
        (two.officer, 2, at(20)),
    ]
    assert seen(ladder([], fallback=False, now=NOON, pause=REPEAT)) == [(None, 0, NOON)]


def test_the_fallback_comes_last_and_not_before_the_first_could_answer():
    one, late = a_rung(5), a_rung(40)

    assert seen(ladder([one], fallback=False, now=NOON, pause=REPEAT)) == [
        (one.officer, 1, NOON),
        (None, 0, at(15)),
    ]
    assert ladder([one, late], fallback=False, now=NOON, pause=REPEAT)[-1].due_at == at(40)
    past = a_rung(-5)
    assert ladder([past], fallback=False, now=NOON, pause=REPEAT)[0].due_at == at(-5)


def test_a_hand_up_knows_somebody_or_the_fallback():
    assert not HandUp().known
    assert HandUp(fallback=True).known
    assert HandUp(chain=[a_rung(0)]).known
    assert HandUp().pause == timedelta(minutes=15)
    assert HandUp(fallback=True).ladder([a_rung(0)], NOON)[0].officer is None
    assert HandUp().ladder([a_rung(0)], NOON)[0].officer is not None


def test_an_alarm_for_an_open_case_never_puts_a_waiting_officer_off():
    waiting, other, number = a_rung(10), a_rung(10), uuid4()
    escalation = an_escalation(waiting, other)

    escalation.start(
        number, [Rung(waiting.officer, 1, at(30)), Rung(other.officer, 1, at(5))], NOON
    )

    assert seen(escalation.rungs) == [
        (waiting.officer, 1, at(10)),
        (other.officer, 1, at(5)),
    ]
    assert escalation.id != number


def test_a_case_that_was_taken_begins_a_new_escalation():
    escalation, number = an_escalation(state=EscalationState.STOPPED, round=3), uuid4()

    escalation.start(number, [a_rung(0)], at(7))

    assert (escalation.id, escalation.round, escalation.started_at) == (number, 1, at(7))
    assert escalation.open


def test_a_hand_up_of_a_taken_case_is_an_escalation_of_its_own():
    upper, lower, number = a_rung(20, tier=2), a_rung(0, tier=1), uuid4()
    escalation = an_escalation(lower, upper, state=EscalationState.STOPPED)

    escalation.hand_up(number, 2, HandUp(), at(7))

    assert (escalation.id, escalation.started_at, escalation.open) == (number, at(7), True)
    assert seen(escalation.rungs) == [(upper.officer, 2, at(7)), (None, 0, at(22))]


def test_without_an_upper_tier_the_chain_is_called_again_at_its_distances():
    one, two = a_rung(0), a_rung(10)
    escalation = an_escalation(one, Rung(None, 0, at(20)), two, state=EscalationState.STOPPED)

    escalation.hand_up(uuid4(), 5, HandUp(), at(60))

    assert seen(escalation.rungs) == [
        (one.officer, 1, at(60)),
        (two.officer, 1, at(70)),
        (None, 0, at(75)),
    ]


def test_a_case_that_is_over_or_has_nobody_is_handed_up_to_nobody():
    closed = an_escalation(a_rung(0), state=EscalationState.CLOSED)
    empty = an_escalation(state=EscalationState.STOPPED)

    for escalation in (closed, empty):
        escalation.hand_up(uuid4(), 1, HandUp(), NOON)

    assert (closed.state, empty.state) == (EscalationState.CLOSED, EscalationState.STOPPED)
    empty.hand_up(uuid4(), 1, HandUp(fallback=True), NOON)
    assert seen(empty.rungs) == [(None, 0, NOON)]


def test_a_hand_up_of_an_open_case_pages_the_tiers_up_to_it_now():
    paged = Rung(uuid4(), 1, NOON, paged_at=NOON)
    second, third, last = a_rung(20, tier=2), a_rung(30, tier=3), Rung(None, 0, at(45))
    escalation = an_escalation(paged, second, third, last)

    escalation.hand_up(uuid4(), 2, HandUp(), at(5))

    assert seen(escalation.rungs) == [
        (paged.officer, 1, NOON),
        (second.officer, 2, at(5)),
        (third.officer, 3, at(30)),
        (None, 0, at(45)),
    ]


def test_a_new_roster_replaces_who_waits_and_puts_nobody_off():
    paged = Rung(uuid4(), 1, NOON, paged_at=NOON)
    stays, leaves, comes = a_rung(20, tier=3), a_rung(10, tier=3), a_rung(40, tier=3)
    escalation = an_escalation(paged, stays, leaves)
    roster = [Rung(paged.officer, 1, at(1)), Rung(stays.officer, 3, at(30)), comes]

    escalation.hand_up(uuid4(), 2, HandUp(chain=roster), at(5))

    assert seen(escalation.rungs) == [
        (paged.officer, 1, NOON),
        (stays.officer, 3, at(20)),
        (comes.officer, 3, at(40)),
        (None, 0, at(40)),
    ]


def test_a_page_that_reached_nobody_calls_the_next_and_at_last_the_fallback():
    one, two = Rung(uuid4(), 1, NOON, paged_at=NOON), a_rung(20)
    escalation = an_escalation(one, a_rung(30), two)

    escalation.unreachable(one.officer, at(2))
    assert [rung.due_at for rung in escalation.rungs] == [NOON, at(30), at(2)]

    alone = an_escalation(one)
    alone.unreachable(one.officer, at(2))
    assert seen(alone.rungs) == [(one.officer, 1, NOON), (None, 0, at(2))]


def test_a_fallback_that_reached_nobody_is_not_called_twice():
    fallback = Rung(None, 0, NOON, paged_at=NOON)
    alone, both = an_escalation(fallback), an_escalation(Rung(uuid4(), 1, NOON, NOON), fallback)

    alone.unreachable(None, at(2))
    both.unreachable(uuid4(), at(2))

    assert alone.rungs == [fallback]
    assert len(both.rungs) == 2


def test_paging_that_stops_is_told_once():
    escalation = an_escalation(a_rung(0))

    escalation.stop(closed=False)
    escalation.stop(closed=True)

    assert escalation.events == [EscalationAcknowledged()]
    assert escalation.state is EscalationState.CLOSED
    assert escalation.page_due(NOON, REPEAT) == []


def test_only_newer_events_of_a_case_are_acted_on():
    escalation = an_escalation(sequence=5)

    assert [escalation.is_news(number) for number in (4, 5, 6, 6, 7)] == [
        False,
        False,
        True,
        False,
        True,
    ]


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


def test_a_card_is_fresh_for_a_day_and_a_staff_card_always():
    card = a_card(refreshed_at=NOON)
    day = timedelta(hours=24)

    assert card.usable(NOON + day - INSTANT)
    assert not card.usable(NOON + day)
    assert not a_card(refreshed_at=NOON, stale=True).usable(NOON)
    assert a_card(refreshed_at=NOON, staff=True, stale=True).usable(NOON + 9 * day)


def test_a_reminder_helps_until_the_next_one_or_the_start():
    appointment = Appointment(id=uuid4(), person=uuid4(), starts_at=NOON, sequence=1, active=True)
    soon = NOON - timedelta(hours=2)

    assert appointment.reminds("appointment-tomorrow", soon - INSTANT)
    assert not appointment.reminds("appointment-tomorrow", soon)
    assert appointment.reminds("appointment-soon", NOON - INSTANT)
    assert not appointment.reminds("appointment-soon", NOON)
    appointment.active = False
    assert not appointment.reminds("appointment-soon", soon)
    assert list(appointment.reminders(NOON - timedelta(days=9))) == []


def test_reminders_ahead_are_a_day_and_two_hours_before():
    appointment = Appointment(id=uuid4(), person=uuid4(), starts_at=NOON, sequence=1, active=True)
    day, soon = NOON - timedelta(hours=24), NOON - timedelta(hours=2)

    assert list(appointment.reminders(day - INSTANT)) == [
        ("appointment-tomorrow", day),
        ("appointment-soon", soon),
    ]
    assert list(appointment.reminders(day)) == [("appointment-soon", soon)]
    assert list(appointment.reminders(soon)) == []
    assert (appointment.unit, appointment.correlation_id) == ("", "")
