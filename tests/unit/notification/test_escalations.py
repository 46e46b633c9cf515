"""Who is paged when, on the domain alone."""

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from services.notification.escalations.domain import (
    Escalation,
    EscalationAcknowledged,
    EscalationExpired,
    EscalationState,
    HandUp,
    Rung,
    ladder,
)
from tests.unit.notification.fakes import NOON, REPEAT, a_rung, at


def started(*rungs, fallback=False):
    escalation = Escalation(
        id=uuid4(),
        case=uuid4(),
        sequence=1,
        rungs=[],
        state=EscalationState.STOPPED,
        drill=False,
        unit="wh",
        correlation_id="loop",
        started_at=NOON,
    )
    escalation.start(uuid4(), ladder(rungs, fallback=fallback, now=NOON, pause=REPEAT), NOON)
    return escalation


def paged(escalation, minutes):
    return [rung.officer for rung in escalation.page_due(at(minutes), REPEAT)]


def test_each_officer_is_paged_at_their_time():
    one, two, three = a_rung(0), a_rung(15), a_rung(30)
    escalation = started(one, two, three)

    assert paged(escalation, 0) == [one.officer]
    assert escalation.next_at(REPEAT) == at(15)
    assert paged(escalation, 14) == []
    assert paged(escalation, 15) == [two.officer]
    assert paged(escalation, 30) == [three.officer, None]
    assert escalation.next_at(REPEAT) == at(45)


def test_the_first_is_paged_at_once_even_if_the_chain_begins_later():
    one = a_rung(5)

    assert paged(started(one), 0) == [one.officer]


def test_after_the_last_the_chain_starts_again_with_the_same_distances():
    one, two = a_rung(0), a_rung(15)
    escalation = started(one, two)
    paged(escalation, 0), paged(escalation, 15)

    assert paged(escalation, 30) == [one.officer]
    assert (escalation.round, EscalationExpired(1) in escalation.events) == (2, True)
    assert escalation.next_at(REPEAT) == at(45)


def test_who_is_late_after_an_outage_is_paged_at_once():
    rungs = [a_rung(0), a_rung(15), a_rung(30), a_rung(60)]

    assert paged(started(*rungs), 31) == [rung.officer for rung in rungs[:3]]


def test_nobody_rostered_is_the_fallback_again_and_again():
    escalation = started(fallback=True)

    assert [paged(escalation, minutes) for minutes in (0, 14, 15, 30)] == [
        [None],
        [],
        [None],
        [None],
    ]


def test_a_stopped_escalation_pages_nobody():
    escalation = started(a_rung(0), a_rung(15))
    paged(escalation, 0)

    escalation.stop(closed=False)

    assert paged(escalation, 60) == []
    assert EscalationAcknowledged() in escalation.events


def test_repeated_alarms_never_put_off_the_next_officer():
    one, two = uuid4(), uuid4()
    escalation = started(a_rung(0, one), a_rung(15, two))
    paged(escalation, 0)

    for minutes in range(1, 15):
        chain = [a_rung(minutes, one), a_rung(minutes + 15, two)]
        rungs = ladder(chain, fallback=False, now=at(minutes), pause=REPEAT)
        escalation.start(uuid4(), rungs, at(minutes))
        assert paged(escalation, minutes) == [one]

    assert paged(escalation, 15) == [two, None]


def test_handing_up_pages_the_tier_now_and_those_below_it():
    rungs = [a_rung(0, tier=1), a_rung(15, tier=2), a_rung(30, tier=3), a_rung(60, tier=4)]
    escalation = started(*rungs)
    paged(escalation, 0)

    escalation.hand_up(uuid4(), 3, HandUp(), at(5))

    assert paged(escalation, 5) == [rungs[1].officer, rungs[2].officer]


def test_handing_up_an_acknowledged_case_pages_from_the_tier_on():
    rungs = [a_rung(0, tier=1), a_rung(15, tier=2)]
    escalation = started(*rungs)
    paged(escalation, 0)
    escalation.stop(closed=False)

    escalation.hand_up(uuid4(), 2, HandUp(), at(40))

    assert paged(escalation, 40) == [rungs[1].officer]


def test_the_fallback_is_the_last_rung_of_every_chain():
    alone, four = started(a_rung(0)), started(*(a_rung(minutes) for minutes in (0, 15, 30, 60)))

    assert paged(alone, 0) != [None] and paged(alone, 15) == [None]
    assert paged(alone, 30) != [None]
    paged(four, 59)
    assert paged(four, 60)[-1] is None


def test_handing_up_pages_the_roster_of_that_moment():
    one, gone, two, three = (uuid4() for _ in range(4))
    escalation = started(a_rung(0, one, 1), a_rung(15, gone, 2), a_rung(30, gone, 3))
    paged(escalation, 0)

    chain = [a_rung(15, one, 1), a_rung(15, two, 2), a_rung(30, three, 3)]
    escalation.hand_up(uuid4(), 2, HandUp(chain), at(15))

    assert paged(escalation, 15) == [two]
    assert paged(escalation, 30) == [three, None]


def test_handing_up_with_nobody_rostered_any_more_pages_the_fallback():
    escalation = started(a_rung(0), a_rung(60, tier=2))
    paged(escalation, 0)

    escalation.hand_up(uuid4(), 2, HandUp(fallback=True), at(5))

    assert paged(escalation, 5) == [None]
    assert len(escalation.rungs) == 2


def test_handing_up_an_acknowledged_case_pages_the_tier_on_the_roster_now():
    escalation, two = started(a_rung(0)), uuid4()
    paged(escalation, 0)
    escalation.stop(closed=False)

    chain = [a_rung(40, tier=1), a_rung(55, two, 2)]
    escalation.hand_up(uuid4(), 2, HandUp(chain), at(40))

    assert paged(escalation, 40) == [two]
    assert paged(escalation, 55) == [None]


def test_a_closed_case_is_not_handed_up():
    escalation = started(a_rung(0))
    escalation.stop(closed=True)

    escalation.hand_up(uuid4(), 2, HandUp(), at(1))

    assert not escalation.open


def test_an_unreachable_officer_brings_the_next_forward_and_the_last_the_fallback():
    one, two = a_rung(0), a_rung(15)
    escalation = started(one, two)
    paged(escalation, 0)

    escalation.unreachable(one.officer, at(1))
    assert paged(escalation, 1) == [two.officer]
    escalation.unreachable(two.officer, at(2))
    assert paged(escalation, 2) == [None]
    escalation.unreachable(None, at(3))
    assert paged(escalation, 3) == []


def test_older_news_is_no_news():
    escalation = started(a_rung(0))

    assert [escalation.is_news(number) for number in (1, 3, 2, 3, 4)] == [
        False,
        True,
        False,
        False,
        True,
    ]


@given(
    distances=st.lists(st.integers(0, 120), min_size=1, max_size=5),
    steps=st.lists(st.integers(1, 90), min_size=1, max_size=30),
)
def test_an_open_escalation_always_has_a_next_time_and_pages_everybody(distances, steps):
    rungs = [Rung(uuid4(), 1, at(minutes)) for minutes in distances]
    escalation = started(*rungs)
    seen, now = set(), 0
    seen.update(paged(escalation, now))

    for step in steps:
        now += step
        due = escalation.next_at(REPEAT)
        found = paged(escalation, now)
        seen.update(found)
        assert bool(found) == (due <= at(now))
        assert escalation.next_at(REPEAT) > at(now)

    last = max(distances)
    if now >= last:
        assert seen >= {rung.officer for rung in rungs}
