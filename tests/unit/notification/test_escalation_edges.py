"""Chains at their edges: who is left out, who is put off, and who is called when nobody hears."""

from datetime import timedelta
from uuid import uuid4

from services.notification.escalations.domain import (
    Escalation,
    EscalationAcknowledged,
    EscalationState,
    HandUp,
    Rung,
    ladder,
)
from tests.unit.notification.fakes import NOON, REPEAT, a_rung, at


def an_escalation(*rungs, **said):
    given = {
        "id": uuid4(),
        "case": uuid4(),
        "sequence": 1,
        "rungs": list(rungs),
        "drill": False,
        "unit": "wh",
        "correlation_id": "loop",
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


def test_an_escalation_is_in_its_first_round_until_it_starts_over():
    assert an_escalation(a_rung(0)).round == 1


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
