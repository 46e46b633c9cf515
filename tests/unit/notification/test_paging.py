"""Pages, mails that speak for several, and what becomes of them, with stores in memory."""

from datetime import timedelta
from uuid import UUID, uuid4

from services.contracts.notification import (
    Channel,
    EscalationAcknowledgedV1,
    EscalationRaisedV1,
    MessageDeliveredV1,
    MessageFailedV1,
    MessageSentV1,
)
from services.notification.delivery.domain import Accepted, Postponed, Refused
from services.notification.delivery.usecases import settle, try_again
from services.notification.escalations.ports import PagingPolicy
from services.notification.escalations.usecases.move_on import hand_up, officer_unreachable
from services.notification.escalations.usecases.page_due import continue_escalation
from services.notification.escalations.usecases.send_gathered import send_gathered
from services.notification.escalations.usecases.start_escalation import (
    StartEscalation,
    start_escalation,
)
from services.notification.escalations.usecases.stop_escalation import (
    StopEscalation,
    stop_escalation,
)
from services.notification.messages.domain import DRILL, DeliveryState, Reason
from tests.unit.notification.fakes import NOON, FakeWork, a_rung

POLICY = PagingPolicy()


def start(uow, *rungs, case=None, sequence=1, fallback=False, policy=POLICY, drill=False):
    command = StartEscalation(
        case=case or uuid4(), sequence=sequence, chain=rungs, fallback=fallback, drill=drill
    )
    return start_escalation(command, policy=policy, uow=uow)


def cases_of(uow):
    return list(uow.escalations.stored)


def mail_states(uow):
    return [each.by(Channel.EMAIL).state for each in uow.messages.stored.values()]


def test_a_page_is_in_the_inbox_and_its_mail_claimed_in_one_transaction():
    uow, rung = FakeWork(), a_rung()

    (claim,) = start(uow, rung)

    assert uow.commits == 1
    assert (claim.person, claim.urgent, claim.values) == (rung.officer, True, {"count": 1})
    (sent,) = uow.told(MessageSentV1)
    assert (sent.channel, sent.case, sent in uow.urgent) == (Channel.IN_APP, cases_of(uow)[0], True)
    assert list(uow.timers.of("delivery")) == [f"{claim.delivery}/1"]
    assert uow.timers.of("escalation") == {str(sent.case): NOON + POLICY.repeat}


def test_the_timer_pages_the_next():
    uow, one, two = FakeWork(), a_rung(0), a_rung(15)
    start(uow, one, two)
    uow.pass_time(minutes=15)

    claims = continue_escalation(cases_of(uow)[0], policy=POLICY, uow=uow)

    assert [claim.person for claim in claims] == [two.officer, None]
    raised = [each.officer for each in uow.told(EscalationRaisedV1)]
    assert raised == [one.officer, two.officer, None]


def test_several_cases_gather_into_one_mail_after_the_first():
    uow, officer = FakeWork(), uuid4()

    claims = [start(uow, a_rung(0, officer)) for _ in range(4)]

    assert [len(each) for each in claims] == [1, 0, 0, 0]
    timers = uow.timers.of("page-mail")
    assert list(timers.values()) == [NOON + POLICY.window] * 3
    assert all(key.startswith(f"{officer}/") for key in timers)
    assert len(uow.told(MessageSentV1)) == 4
    uow.pass_time(seconds=20)
    (gathered,) = send_gathered(str(officer), uow=uow)
    assert gathered.values == {"count": 3}
    uow.published.clear()
    settle(gathered, Accepted(), uow=uow)
    assert {each.case for each in uow.told(MessageSentV1)} == set(cases_of(uow)[1:])


def test_a_real_page_is_never_worded_as_a_drill():
    uow, officer = FakeWork(), uuid4()
    start(uow, a_rung(0, officer))
    for drill in (True, False, True, False, False):
        start(uow, a_rung(0, officer), drill=drill)

    uow.pass_time(seconds=20)
    real, drill = send_gathered(str(officer), uow=uow)

    assert (real.kind, real.values) == ("duty-page", {"count": 3})
    assert (drill.kind, drill.values) == ("duty-drill", {"count": 2})
    assert send_gathered(str(officer), uow=uow) == []


def test_handing_up_pages_whom_the_event_names():
    uow, fresh = FakeWork(), a_rung(15, tier=2)
    start(uow, a_rung(0), a_rung(15, tier=2))
    uow.pass_time(minutes=15)

    (claim,) = hand_up(cases_of(uow)[0], 2, 2, chain=[fresh], policy=POLICY, uow=uow)[:1]

    assert claim.person == fresh.officer


def test_after_the_window_a_page_is_sent_at_once_again():
    uow, officer = FakeWork(), uuid4()
    start(uow, a_rung(0, officer))
    uow.pass_time(seconds=21)

    assert len(start(uow, a_rung(0, officer))) == 1


def test_other_officers_do_not_gather_together():
    uow = FakeWork()

    assert len(start(uow, a_rung())) == len(start(uow, a_rung())) == 1


def test_every_fallback_contact_is_paged_and_none_is_still_told():
    both, none = FakeWork(), FakeWork()

    claims = start(both, fallback=True, policy=PagingPolicy(fallbacks=2))
    (lonely,) = start(none, fallback=True, policy=PagingPolicy(fallbacks=0))
    settle(lonely, Refused(Reason.NO_ADDRESS), uow=none)

    assert [(each.person, each.fallback, each.kind) for each in claims] == [
        (None, 0, "duty-page-nobody"),
        (None, 1, "duty-page-nobody"),
    ]
    assert none.told(MessageFailedV1)[0].reason == "no-address"


def test_a_drill_is_marked():
    uow = FakeWork()

    assert start(uow, a_rung(), drill=True)[0].kind == "duty-drill"


def test_an_acknowledgement_stops_everything_and_shows_the_page_as_seen():
    uow, rung = FakeWork(), a_rung()
    start(uow, rung, a_rung(15))
    case = cases_of(uow)[0]

    stop_escalation(
        StopEscalation(case=case, sequence=2, closed=False, officer=rung.officer), uow=uow
    )

    assert not uow.timers.of("escalation")
    assert len(uow.told(EscalationAcknowledgedV1)) == len(uow.told(MessageDeliveredV1)) == 1
    assert continue_escalation(case, policy=POLICY, uow=uow) == []


def test_an_acknowledgement_before_the_opening_counts():
    uow, case = FakeWork(), uuid4()

    stop_escalation(StopEscalation(case=case, sequence=2, closed=False), uow=uow)

    assert start(uow, a_rung(), case=case, sequence=1) == []
    assert len(start(uow, a_rung(), case=case, sequence=3)) == 1


def test_an_acknowledgement_before_the_opening_tells_that_it_is_a_drill_and_of_which_unit():
    uow, case = FakeWork(), uuid4()
    taken = StopEscalation(case=case, sequence=2, closed=False, drill=True, unit="wh/hc")
    stop_escalation(taken, uow=uow)

    hand_up(case, 3, 2, chain=(a_rung(tier=2),), policy=POLICY, uow=uow)

    (page,) = uow.messages.stored.values()
    assert (page.kind, page.unit, page.correlation_id) == (DRILL, "wh/hc", "loop-1")


def test_a_case_event_that_comes_twice_pages_once():
    uow, case = FakeWork(), uuid4()

    assert len(start(uow, a_rung(), case=case)) == 1
    assert start(uow, a_rung(), case=case) == []


def test_a_page_that_is_not_needed_any_more_is_not_retried():
    uow, rung = FakeWork(), a_rung()
    (claim,) = start(uow, rung)
    settle(claim, Postponed(Reason.UNREACHABLE), uow=uow)
    stop_escalation(StopEscalation(case=cases_of(uow)[0], sequence=2, closed=True), uow=uow)

    assert try_again(claim.delivery, 1, uow=uow) == []

    assert mail_states(uow) == [DeliveryState.FAILED]
    assert not uow.told(MessageFailedV1)


def test_a_page_that_failed_is_told_urgently_and_brings_the_next_forward():
    uow, one, two = FakeWork(), a_rung(0), a_rung(15)
    (claim,) = start(uow, one, two)

    settle(claim, Refused(Reason.RECIPIENT_REFUSED), uow=uow)
    assert uow.told(MessageFailedV1)[0] in uow.urgent
    assert list(uow.timers.of("unreachable")) == [str(claim.message)]
    (brought,) = officer_unreachable(cases_of(uow)[0], one.officer, policy=POLICY, uow=uow)

    assert brought.person == two.officer


def test_without_a_mail_server_nobody_is_paged_before_their_time():
    uow = FakeWork()
    (claim,) = start(uow, a_rung(0), a_rung(15))

    settle(claim, Refused(Reason.NO_CHANNEL), uow=uow)

    assert not uow.timers.of("unreachable") and not uow.told(MessageFailedV1)


def test_a_page_is_retried_within_seconds_and_given_up_after_minutes():
    uow = FakeWork()
    (claim,) = start(uow, a_rung())
    waits = []
    while True:
        settle(claim, Postponed(Reason.TIMEOUT), uow=uow)
        due = uow.timers.of("delivery")
        if not due:
            break
        ((key, at),) = due.items()
        waits.append((at - uow.now()).total_seconds())
        uow.clock = at
        uow.timers.cancel("delivery", key)
        (claim,) = try_again(claim.delivery, claim.attempt, uow=uow)

    assert waits[0] == 5 and sum(waits) < 15 * 60
    assert uow.told(MessageFailedV1)[0].reason == "timeout"


def test_handing_up_an_unknown_case_does_nothing():
    assert hand_up(uuid4(), 1, 2, policy=POLICY, uow=FakeWork()) == []


def test_officers_are_ids_in_timers():
    uow, rung = FakeWork(), a_rung()
    start(uow, rung, a_rung(0, rung.officer))

    assert all(UUID(part) for key in uow.timers.of("page-mail") for part in key.split("/"))
    assert timedelta(0) < POLICY.window < timedelta(seconds=30)
