"""A case by itself: what each act leaves on its timeline, tells, and makes due next."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.booking.cases.domain import Case
from services.booking.cases.errors import (
    AttemptsMissing,
    CaseAlreadyAcknowledged,
    CaseIsClosed,
    CloseNotRequested,
    NoDrill,
    NotContactedYet,
    NotPlannedYet,
    SecondPersonNeeded,
    SignalNotAnswered,
)
from services.booking.cases.events import (
    Acknowledged,
    Closed,
    Contacted,
    Escalated,
    FollowedUp,
    Opened,
    Overdue,
    Planned,
    Referred,
)
from services.booking.cases.steps import (
    CloseReason,
    ContactChannel,
    Due,
    Level,
    Reaction,
    ReferralKind,
    Signal,
    State,
    Step,
)
from services.contracts.assessment import FlagSource
from tests.unit.booking.cases.fakes import NINE, POLICY

OFFICER, SECOND, RESPONSIBLE = uuid4(), uuid4(), uuid4()
PHONE, VISIT = ContactChannel.PHONE, ContactChannel.IN_PERSON
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOTE = b"sealed"


def a_signal(at: Any = NINE, **said: Any) -> Signal:
    return Signal(**{"source": FlagSource.RESPONSE, "rule": "a-rule", "at": at, **said})


def a_case(**said: Any) -> Case:
    given = {
        "id": uuid4(),
        "person": uuid4(),
        "unit": "wh/hc",
        "correlation_id": "loop",
        "crisis": True,
        "source": FlagSource.RESPONSE,
        "first_opened_at": NINE,
        "opened_at": NINE,
    }
    return Case(**{**given, **said})


def a_crisis(signal: Signal | None = None, **said: Any) -> Case:
    case = a_case(**said)
    case.begin_crisis(signal or a_signal(), NINE, POLICY)
    return heard(case)


def a_care_case(level: int = 3) -> Case:
    case = a_case(crisis=False)
    case.begin_care(level, NINE, POLICY)
    return heard(case)


def heard(case: Case) -> Case:
    """What was written and told so far is out of the way."""
    case.new_steps.clear()
    case.happened.clear()
    return case


def acknowledged(case: Case, now: Any = NINE) -> Case:
    case.acknowledge(OFFICER, now, POLICY)
    return heard(case)


def try_it(
    case: Case, now: Any, *, reached: bool = False, channel: Any = PHONE, **how: Any
) -> None:
    given = {"level": None, "note": None, **how}
    case.record_contact(OFFICER, channel, reached=reached, now=now, policy=POLICY, **given)


def reached(case: Case, now: Any = NINE) -> Case:
    try_it(case, now, reached=True)
    return heard(case)


def plan_it(case: Case, now: Any, responsible: UUID = RESPONSIBLE, **how: Any) -> None:
    given = {"level": None, "note": None, **how}
    case.record_plan(OFFICER, responsible, now=now, policy=POLICY, **given)


def planned(case: Case, now: Any = NINE) -> Case:
    plan_it(reached(case, now), now)
    return heard(case)


def follow_up(case: Case, now: Any, *, reached: bool = True, note: Any = None) -> None:
    case.record_follow_up(OFFICER, reached=reached, note=note, now=now, policy=POLICY)


def refer(case: Case, now: Any = NINE, note: Any = None) -> None:
    case.refer(
        OFFICER,
        ReferralKind.ADVISED,
        Reaction.ACCEPTED,
        wording="advice-1",
        note=note,
        now=now,
        policy=POLICY,
    )


def ask_to_close(case: Case, reason: CloseReason = CloseReason.RESOLVED, now: Any = NINE) -> None:
    case.request_close(OFFICER, reason, note=NOTE, now=now, policy=POLICY)


def kinds(case: Case) -> list[str]:
    return [step.kind for step in case.new_steps]


def test_a_crisis_begins_with_its_signal_and_pages_at_once() -> None:
    case, reporter = a_case(), uuid4()
    signal = a_signal(NINE - MINUTE, acute=True, callback=True, by=reporter, note=NOTE)

    case.begin_crisis(signal, NINE, POLICY)

    assert case.new_steps == [
        Step(kind="opened", at=NINE, facts={"policy": "crisis 1.0.0"}),
        Step(
            kind="signal",
            at=NINE - MINUTE,
            by=reporter,
            facts={"source": FlagSource.RESPONSE, "rule": "a-rule", "acute": True},
            note=NOTE,
        ),
    ]
    assert case.happened == [Opened(reopened=False)]
    assert (case.state, case.due, case.resume) == (State.OPENED, Due.ACKNOWLEDGE, Due.CONTACT)
    assert (case.policy, case.page_reason) == ("crisis 1.0.0", "opened")
    assert (case.escalations, case.round) == (0, 1)
    assert case.paging_since == case.waiting_since == case.signalled_at == NINE
    assert case.acknowledge_by == case.step_due_at == case.next_due_at == NINE + 15 * MINUTE
    assert case.contact_by == NINE + 30 * MINUTE
    assert (case.acute, case.callback, case.is_paging) == (True, True, True)


def test_a_sign_that_is_not_acute_leaves_two_hours() -> None:
    case = a_case()
    case.begin_crisis(a_signal(), NINE, POLICY)

    assert (case.contact_by, case.acute, case.callback) == (NINE + 2 * HOUR, False, False)
    assert "acute" not in case.new_steps[1].facts


def test_a_care_case_pages_nobody_and_has_its_limits() -> None:
    case = a_case(crisis=False)

    case.begin_care(3, NINE, POLICY)

    (step,) = case.new_steps
    assert (step.kind, step.at, dict(step.facts)) == (
        "opened",
        NINE,
        {"policy": "crisis 1.0.0", "care_level": 3},
    )
    assert case.happened == [Opened(reopened=False)]
    assert (case.care_level, case.policy, case.due) == (3, "crisis 1.0.0", Due.CONTACT)
    assert not case.is_paging
    # Tuesday ends at 16:00 UTC; three days later Thursday does.
    assert case.contact_by == case.step_due_at == NINE.replace(day=3, hour=16)
    assert case.refer_by == NINE.replace(day=5, hour=16)


def test_taking_a_case_stops_the_pages_and_sets_the_next_limit() -> None:
    case = a_crisis()

    case.acknowledge(OFFICER, NINE + 10 * MINUTE, POLICY)

    assert case.new_steps == [Step(kind="acknowledged", at=NINE + 10 * MINUTE, by=OFFICER)]
    assert case.happened == [Acknowledged(OFFICER, 600)]
    assert (case.state, case.due, case.resume) == (State.ACKNOWLEDGED, Due.CONTACT, None)
    assert (case.acknowledged_by, case.acknowledged_at) == (OFFICER, NINE + 10 * MINUTE)
    assert case.step_due_at == NINE + 2 * HOUR
    assert (case.is_paging, case.paging_since, case.waiting_since) == (False, None, None)
    assert (case.page_reason, case.page_sent_at, case.escalations) == (None, None, 0)


def test_a_case_is_taken_once_and_by_the_same_officer_again_without_a_word() -> None:
    case = acknowledged(a_crisis())

    case.acknowledge(OFFICER, NINE + MINUTE, POLICY)
    assert (case.new_steps, case.happened) == ([], [])
    with pytest.raises(CaseAlreadyAcknowledged):
        case.acknowledge(SECOND, NINE + MINUTE, POLICY)


def test_an_attempt_takes_the_case_and_is_told_with_its_outcome() -> None:
    case = a_crisis()

    try_it(case, NINE + 5 * MINUTE, note=NOTE, level=Level.HIGH)

    assert kinds(case) == ["acknowledged", "contact"]
    contact = case.new_steps[1]
    assert (contact.at, contact.by, contact.note) == (NINE + 5 * MINUTE, OFFICER, NOTE)
    assert contact.facts == {"channel": PHONE, "outcome": "not-reached", "level": Level.HIGH}
    assert case.happened[1:] == [Contacted(OFFICER, False, 300)]
    assert (case.attempts, case.channels, case.level) == (1, (PHONE,), Level.HIGH)
    assert (case.due, case.step_due_at) == (Due.CONTACT, NINE + 35 * MINUTE)
    assert (case.contacted_at, case.reached_at, case.acute) == (None, None, False)


def test_who_is_reached_gets_a_plan_within_a_day() -> None:
    case = acknowledged(a_crisis())

    try_it(case, NINE + HOUR, reached=True, level=Level.IMMINENT)

    (contact,) = case.new_steps
    assert contact.facts == {"channel": PHONE, "outcome": "reached", "level": Level.IMMINENT}
    assert case.happened == [Contacted(OFFICER, True, 3600)]
    assert (case.state, case.due) == (State.CONTACTED, Due.PLAN)
    assert case.contacted_at == case.reached_at == NINE + HOUR
    assert case.step_due_at == NINE + HOUR + 24 * HOUR
    assert (case.level, case.acute) == (Level.IMMINENT, True)


def test_reached_again_changes_only_when_it_was_last() -> None:
    case = planned(a_crisis())
    due = case.step_due_at

    try_it(case, NINE + HOUR, reached=True, level=Level.LOW)

    assert (case.contacted_at, case.reached_at) == (NINE, NINE + HOUR)
    assert (case.state, case.due, case.step_due_at) == (State.PLANNED, Due.FOLLOW_UP, due)
    assert (case.level, case.acute) == (Level.LOW, False)
    try_it(case, NINE + 2 * HOUR)
    assert (case.state, case.step_due_at, case.level) == (State.PLANNED, due, Level.LOW)


def test_attempts_in_vain_call_the_next_tier_once() -> None:
    case = acknowledged(a_crisis())
    for minutes, channel in ((1, PHONE), (2, PHONE)):
        try_it(case, NINE + minutes * MINUTE, channel=channel)
    heard(case)
    assert not case.is_paging

    try_it(case, NINE + 3 * MINUTE, channel=VISIT)

    assert (case.attempts, case.channels) == (3, (VISIT, PHONE))
    assert (case.due, case.resume) == (Due.ACKNOWLEDGE, Due.CONTACT)
    assert (case.is_paging, case.page_reason, case.escalations) == (True, "not-reached", 1)
    assert case.happened[1:] == [Escalated(2, "not-reached")]
    assert dict(case.new_steps[-1].facts) == {"tier": 2, "reason": "not-reached"}
    heard(case)
    try_it(case, NINE + 4 * MINUTE)
    assert not [each for each in case.happened if isinstance(each, Escalated)]
    assert (case.due, case.step_due_at) == (Due.CONTACT, NINE + 124 * MINUTE)


def test_three_calls_by_one_way_are_not_enough_to_hand_it_up() -> None:
    case = acknowledged(a_crisis())

    for minutes in (1, 2, 3):
        try_it(case, NINE + minutes * MINUTE)

    assert not case.is_paging
    assert case.step_due_at == NINE + 33 * MINUTE


def test_a_care_case_is_tried_again_the_next_day_and_calls_nobody() -> None:
    case = a_care_case()

    for minutes, channel in ((1, PHONE), (2, VISIT), (3, PHONE)):
        try_it(case, NINE + minutes * MINUTE, channel=channel)

    assert (case.due, case.step_due_at) == (Due.CONTACT, NINE + 3 * MINUTE + 24 * HOUR)
    assert not case.is_paging


def test_after_contact_a_care_case_waits_for_the_advice_then_for_the_follow_up() -> None:
    case = reached(a_care_case(), NINE + HOUR)
    assert (case.due, case.step_due_at) == (Due.REFER, case.refer_by)

    refer(case, NINE + 2 * HOUR, NOTE)

    (step,) = case.new_steps
    assert step == Step(
        kind="referral",
        at=NINE + 2 * HOUR,
        by=OFFICER,
        facts={
            "kind": ReferralKind.ADVISED,
            "reaction": Reaction.ACCEPTED,
            "wording": "advice-1",
        },
        note=NOTE,
    )
    assert case.happened == [Referred()]
    assert case.referred_at == NINE + 2 * HOUR
    assert (case.due, case.step_due_at) == (Due.FOLLOW_UP, NINE + 2 * HOUR + 7 * DAY)


def test_advice_is_due_no_sooner_than_two_hours_after_a_late_contact() -> None:
    late = NINE.replace(day=5, hour=15)

    assert reached(a_care_case(), late).step_due_at == late + 2 * HOUR


def test_advice_given_before_the_contact_is_not_waited_for_after_it() -> None:
    case = a_care_case()
    refer(case)
    assert case.due is Due.CONTACT

    try_it(case, NINE + HOUR, reached=True)

    assert (case.due, case.step_due_at) == (Due.FOLLOW_UP, NINE + HOUR + 7 * DAY)


def test_a_plan_names_who_answers_for_it_and_the_first_follow_up() -> None:
    case = reached(a_crisis())

    plan_it(case, NINE + HOUR, level=Level.MODERATE, note=NOTE)

    assert case.new_steps == [
        Step(
            kind="plan",
            at=NINE + HOUR,
            by=OFFICER,
            facts={"responsible": str(RESPONSIBLE), "level": Level.MODERATE},
            note=NOTE,
        )
    ]
    assert case.happened == [Planned(RESPONSIBLE)]
    assert (case.state, case.planned_at) == (State.PLANNED, NINE + HOUR)
    assert (case.responsible, case.level) == (RESPONSIBLE, Level.MODERATE)
    assert (case.due, case.step_due_at) == (Due.FOLLOW_UP, NINE + HOUR + 72 * HOUR)


def test_a_later_plan_replaces_the_person_and_not_the_dates() -> None:
    case = planned(a_crisis())
    due = case.step_due_at

    plan_it(case, NINE + DAY, SECOND)

    assert (case.responsible, case.planned_at, case.step_due_at) == (SECOND, NINE, due)
    assert case.happened == [Planned(SECOND)]


def test_without_contact_there_is_nothing_to_plan_or_to_follow_up() -> None:
    case = acknowledged(a_crisis())

    with pytest.raises(NotContactedYet):
        plan_it(case, NINE)
    with pytest.raises(NotContactedYet):
        follow_up(case, NINE)
    with pytest.raises(NotPlannedYet):
        follow_up(reached(case), NINE)


def test_a_follow_up_moves_the_case_to_the_next_one() -> None:
    case = planned(a_crisis())

    follow_up(case, NINE + 2 * DAY, note=NOTE)

    assert case.new_steps == [
        Step(
            kind="follow-up",
            at=NINE + 2 * DAY,
            by=OFFICER,
            facts={"outcome": "reached"},
            note=NOTE,
        )
    ]
    assert case.happened == [FollowedUp(OFFICER)]
    assert (case.state, case.follow_ups, case.reached_at) == (
        State.FOLLOWING_UP,
        1,
        NINE + 2 * DAY,
    )
    assert (case.due, case.step_due_at) == (Due.FOLLOW_UP, NINE + 7 * DAY)


def test_a_talk_on_the_day_of_the_plan_is_no_follow_up_yet() -> None:
    case = planned(a_crisis())
    due = case.step_due_at

    follow_up(case, NINE + DAY - MINUTE)
    assert (case.follow_ups, case.state, case.step_due_at) == (0, State.PLANNED, due)
    assert case.reached_at == NINE + DAY - MINUTE

    follow_up(case, NINE + DAY)
    assert (case.follow_ups, case.state) == (1, State.FOLLOWING_UP)
    follow_up(case, NINE + DAY + MINUTE)
    assert case.follow_ups == 2


def test_a_follow_up_in_vain_is_tried_again_the_next_day() -> None:
    case = planned(a_crisis())
    reached_at = case.reached_at

    follow_up(case, NINE + 2 * DAY, reached=False)

    assert case.new_steps[0].facts == {"outcome": "not-reached"}
    assert case.happened == [Contacted(OFFICER, False, 2 * 24 * 3600)]
    assert (case.follow_ups, case.reached_at) == (0, reached_at)
    assert (case.due, case.step_due_at) == (Due.FOLLOW_UP, NINE + 3 * DAY)


def test_a_follow_up_does_not_put_off_the_advice_that_is_due() -> None:
    case = reached(a_care_case())
    due = case.step_due_at

    follow_up(case, NINE + 2 * DAY)

    assert (case.due, case.step_due_at, case.follow_ups) == (Due.REFER, due, 1)


def test_advice_in_a_crisis_changes_nothing_that_is_due() -> None:
    case = reached(a_crisis())
    before = (case.due, case.step_due_at)

    refer(case)

    assert (case.due, case.step_due_at) == before
    assert case.referred_at == NINE


def test_handing_over_changes_who_answers_for_the_case() -> None:
    case = planned(a_crisis())

    case.hand_over(OFFICER, SECOND, note=NOTE, now=NINE + HOUR, policy=POLICY)

    assert case.new_steps == [
        Step(kind="handed-over", at=NINE + HOUR, by=OFFICER, facts={"to": str(SECOND)}, note=NOTE)
    ]
    assert (case.acknowledged_by, case.responsible) == (SECOND, SECOND)
    unplanned = acknowledged(a_crisis())
    unplanned.hand_over(OFFICER, SECOND, note=None, now=NINE, policy=POLICY)
    assert (unplanned.acknowledged_by, unplanned.responsible) == (SECOND, None)


def test_whoever_hands_over_a_case_nobody_took_has_taken_it() -> None:
    case = a_crisis()

    case.hand_over(OFFICER, SECOND, note=None, now=NINE, policy=POLICY)

    assert kinds(case) == ["acknowledged", "handed-over"]
    assert case.happened == [Acknowledged(OFFICER, 0)]


def test_closing_takes_two_and_is_written_down_both_times() -> None:
    case = reached(a_crisis())

    ask_to_close(case, now=NINE + HOUR)
    asked = case.new_steps[0]
    assert (asked.kind, asked.by, asked.note) == ("close-requested", OFFICER, NOTE)
    assert asked.facts == {"reason": CloseReason.RESOLVED}
    assert (case.close_reason, case.close_requested_by) == (CloseReason.RESOLVED, OFFICER)
    assert case.close_by == NINE + HOUR + 24 * HOUR
    assert case.happened == []
    with pytest.raises(SecondPersonNeeded):
        case.confirm_close(OFFICER, note=None, now=NINE + 2 * HOUR)
    heard(case)

    case.confirm_close(SECOND, note=NOTE, now=NINE + 2 * HOUR)

    assert case.new_steps == [
        Step(
            kind="closed",
            at=NINE + 2 * HOUR,
            by=SECOND,
            facts={"reason": "resolved"},
            note=NOTE,
        )
    ]
    assert case.happened == [Closed()]
    assert (case.state, case.is_open) == (State.CLOSED, False)
    assert (case.closed_at, case.closed_by) == (NINE + 2 * HOUR, SECOND)
    assert case.next_due_at is case.close_by is case.step_due_at is None


def test_the_answer_to_a_request_is_due_where_it_comes_first() -> None:
    case = planned(a_crisis())
    step = case.step_due_at

    ask_to_close(case)
    assert case.next_due_at == case.close_by == NINE + DAY
    case.step_due_at = NINE + HOUR
    assert case.next_due_at == NINE + HOUR
    case.step_due_at = step


def test_a_refused_request_is_forgotten_and_the_clock_goes_on() -> None:
    case = planned(a_crisis())
    due = case.step_due_at
    ask_to_close(case)
    heard(case)

    case.refuse_close(SECOND, note=NOTE, now=NINE + HOUR)

    assert case.new_steps == [Step(kind="close-refused", at=NINE + HOUR, by=SECOND, note=NOTE)]
    assert case.close_reason is case.close_requested_by is case.close_by is None
    assert (case.is_open, case.next_due_at) == (True, due)
    for answer in (case.refuse_close, case.confirm_close):
        with pytest.raises(CloseNotRequested):
            answer(SECOND, note=None, now=NINE + HOUR)


def test_nothing_is_done_to_a_case_that_is_over() -> None:
    case = reached(a_crisis())
    ask_to_close(case)
    case.confirm_close(SECOND, note=None, now=NINE)

    acts: list[Any] = [
        lambda: case.acknowledge(OFFICER, NINE, POLICY),
        lambda: try_it(case, NINE),
        lambda: plan_it(case, NINE),
        lambda: follow_up(case, NINE),
        lambda: refer(case),
        lambda: ask_to_close(case),
        lambda: case.confirm_close(SECOND, note=None, now=NINE),
        lambda: case.refuse_close(SECOND, note=None, now=NINE),
        lambda: case.hand_over(OFFICER, SECOND, note=None, now=NINE, policy=POLICY),
    ]
    for act in acts:
        with pytest.raises(CaseIsClosed):
            act()


def test_a_reason_has_to_fit_what_was_done() -> None:
    case = acknowledged(a_crisis())

    with pytest.raises(NotContactedYet):
        ask_to_close(case, CloseReason.RESOLVED)
    with pytest.raises(NoDrill):
        ask_to_close(case, CloseReason.DRILL_FINISHED)
    with pytest.raises(AttemptsMissing):
        ask_to_close(case, CloseReason.NOT_REACHABLE)
    case.attempts, case.channels = 3, (PHONE, VISIT)
    ask_to_close(case, CloseReason.NOT_REACHABLE)
    ask_to_close(acknowledged(a_crisis(drill=True)), CloseReason.DRILL_FINISHED)


@pytest.mark.parametrize(
    ("person", "callback", "closable"),
    [(None, False, True), (None, True, False), (uuid4(), False, False), (uuid4(), True, False)],
)
def test_nobody_has_to_be_tried_where_there_is_nobody_to_call(
    person: UUID | None, callback: bool, closable: bool
) -> None:
    case = acknowledged(a_crisis(a_signal(callback=callback), person=person))

    if closable:
        ask_to_close(case, CloseReason.NOT_REACHABLE)
    else:
        with pytest.raises(AttemptsMissing):
            ask_to_close(case, CloseReason.NOT_REACHABLE)


def test_a_sign_that_nobody_answered_keeps_the_case_open() -> None:
    case = reached(a_crisis(), NINE + HOUR)
    case.take_signal(a_signal(), NINE + HOUR + MINUTE, POLICY)
    ask_to_close(case, now=NINE + 2 * HOUR)

    with pytest.raises(SignalNotAnswered):
        case.confirm_close(SECOND, note=None, now=NINE + 2 * HOUR)
    try_it(case, NINE + 3 * HOUR, reached=True)
    case.confirm_close(SECOND, note=None, now=NINE + 3 * HOUR)
    assert not case.is_open


def test_who_was_reached_at_the_moment_of_the_sign_has_been_answered() -> None:
    case = reached(a_crisis(), NINE)
    ask_to_close(case)

    case.confirm_close(SECOND, note=None, now=NINE)

    assert not case.is_open


@pytest.mark.parametrize("reason", [CloseReason.DRILL_FINISHED, CloseReason.NOT_REACHABLE])
def test_a_drill_and_who_is_not_reachable_need_no_answer(reason: CloseReason) -> None:
    case = acknowledged(a_crisis(drill=True, person=None))
    ask_to_close(case, reason)

    case.confirm_close(SECOND, note=None, now=NINE)

    assert not case.is_open


def test_a_case_that_joins_another_says_which() -> None:
    case, into = acknowledged(a_crisis()), uuid4()

    case.join(into, NINE + HOUR)

    assert case.new_steps == [
        Step(kind="closed", at=NINE + HOUR, facts={"reason": "joined", "case": str(into)})
    ]
    assert (case.joined_to, case.close_reason) == (into, CloseReason.JOINED)
    assert (case.state, case.closed_at, case.closed_by) == (State.CLOSED, NINE + HOUR, None)
    assert case.happened == [Closed()]


def missed(case: Case) -> list[Any]:
    """Let pass what is due next; what that led to."""
    heard(case)
    assert case.next_due_at is not None
    case.miss(case.next_due_at, POLICY)
    return case.happened


def test_tier_after_tier_is_called_and_then_the_round_begins_again() -> None:
    case = a_crisis()
    marks = []

    for _ in range(3):
        marks.append(case.next_due_at)
        assert missed(case) == [Escalated(case.escalations + 1, "not-acknowledged")]
    assert case.state is State.ESCALATED
    marks.append(case.next_due_at)
    assert missed(case) == [Overdue("not-acknowledged", True)]

    assert [(each - NINE) / MINUTE for each in marks if each] == [15, 30, 60, 75]
    assert (case.round, case.escalations, case.page_reason) == (2, 0, "opened")
    assert (case.waiting_since, case.paging_since) == (NINE, NINE + 75 * MINUTE)
    assert case.step_due_at == NINE + 90 * MINUTE
    assert case.late_since == NINE + 15 * MINUTE


def test_nothing_is_missed_before_its_time() -> None:
    case = a_crisis()

    case.miss(NINE + 15 * MINUTE - timedelta(microseconds=1), POLICY)

    assert (case.happened, case.new_steps, case.late_since) == ([], [], None)


@pytest.mark.parametrize(
    ("bring", "reason", "state"),
    [
        (lambda: acknowledged(a_crisis()), "not-contacted", State.ESCALATED),
        (lambda: reached(a_crisis()), "not-planned", State.CONTACTED),
        (lambda: planned(a_crisis()), "not-followed-up", State.PLANNED),
    ],
)
def test_a_late_step_of_a_crisis_pages_again(bring: Any, reason: str, state: State) -> None:
    case = bring()
    due, late_at = case.due, case.step_due_at

    assert missed(case) == [Overdue(reason, True)]

    assert (case.due, case.resume, case.state) == (Due.ACKNOWLEDGE, due, state)
    assert (case.acknowledged_by, case.acknowledged_at) == (None, None)
    assert (case.is_paging, case.page_reason, case.late_since) == (True, reason, late_at)
    assert dict(case.new_steps[0].facts) == {"reason": reason, "paged": True}
    case.acknowledge(SECOND, late_at + MINUTE, POLICY)
    assert (case.due, case.resume) == (due, None)
    assert case.late_since == late_at


def test_once_taken_a_late_step_has_two_hours_and_a_late_contact_half_an_hour() -> None:
    late, unreached = reached(a_crisis()), acknowledged(a_crisis())
    for case in (late, unreached):
        missed(case)
    moment = NINE + 30 * HOUR

    for case in (late, unreached):
        case.acknowledge(SECOND, moment, POLICY)

    assert (late.due, late.step_due_at) == (Due.PLAN, moment + 2 * HOUR)
    assert (unreached.due, unreached.step_due_at) == (Due.CONTACT, moment + 30 * MINUTE)


def test_taken_late_but_in_time_for_the_contact_keeps_its_limit() -> None:
    case = a_crisis()
    missed(case)
    assert case.late_since is not None

    case.acknowledge(OFFICER, NINE + 119 * MINUTE, POLICY)

    assert (case.step_due_at, case.late_since) == (NINE + 2 * HOUR, None)
    at_the_limit = a_crisis()
    at_the_limit.acknowledge(OFFICER, NINE + 2 * HOUR, POLICY)
    assert at_the_limit.step_due_at == NINE + 2 * HOUR + 30 * MINUTE


@pytest.mark.parametrize(
    ("bring", "reason"),
    [
        (a_care_case, "not-contacted"),
        (lambda: reached(a_care_case()), "not-referred"),
    ],
)
def test_a_late_step_of_a_care_case_reminds_every_day(bring: Any, reason: str) -> None:
    case = bring()
    due, late_at = case.due, case.step_due_at

    assert missed(case) == [Overdue(reason, False)]

    assert (case.due, case.step_due_at) == (due, late_at + DAY)
    assert (case.is_paging, case.late_since) == (False, late_at)
    assert dict(case.new_steps[0].facts) == {"reason": reason, "paged": False}
    missed(case)
    assert case.late_since == late_at


def test_a_request_to_close_that_nobody_answers_is_forgotten() -> None:
    case = planned(a_crisis())
    due = case.step_due_at
    ask_to_close(case)

    assert missed(case) == [Overdue("close-not-confirmed", False)]

    assert (case.close_requested_by, case.step_due_at, case.late_since) == (None, due, None)


def test_only_a_page_that_left_is_confirmed_and_only_once() -> None:
    case = a_crisis()

    case.page_confirmed(NINE + MINUTE)
    case.page_confirmed(NINE + 2 * MINUTE)
    assert case.new_steps == [Step(kind="page-sent", at=NINE + MINUTE)]
    assert case.page_sent_at == NINE + MINUTE
    heard(case)

    case.page_unconfirmed(NINE + 3 * MINUTE)
    assert case.page_sent_at is None
    assert case.happened == [Overdue("page-unconfirmed", True)]
    taken = acknowledged(a_crisis())
    taken.page_confirmed(NINE)
    taken.page_unconfirmed(NINE)
    assert (taken.new_steps, taken.happened) == ([], [])


def test_a_drill_does_not_touch_a_real_case_and_a_real_sign_ends_a_drill() -> None:
    real, drill = acknowledged(a_crisis()), acknowledged(a_crisis(drill=True))

    real.take_signal(a_signal(drill=True), NINE, POLICY)
    assert (real.new_steps, real.happened, real.drill) == ([], [], False)
    drill.take_signal(a_signal(), NINE + HOUR, POLICY)
    assert drill.drill is False
    assert drill.happened == [Opened(reopened=True)]
    again = acknowledged(a_crisis(drill=True))
    again.take_signal(a_signal(drill=True), NINE, POLICY)
    assert kinds(again) == ["signal"]


def test_a_sign_in_a_closed_case_opens_it_anew_with_nothing_left_of_before() -> None:
    case = planned(a_crisis())
    follow_up(case, NINE + 2 * DAY)
    ask_to_close(case)
    case.confirm_close(SECOND, note=None, now=NINE + 2 * DAY)
    heard(case)
    now = NINE + 9 * DAY

    case.take_signal(a_signal(source=FlagSource.HELP_REQUEST, acute=True), now, POLICY)

    assert kinds(case) == ["signal", "re-opened"]
    assert case.happened == [Opened(reopened=True)]
    assert (case.state, case.due, case.resume) == (State.OPENED, Due.ACKNOWLEDGE, Due.CONTACT)
    assert (case.opened_at, case.first_opened_at) == (now, NINE)
    assert (case.source, case.acute, case.crisis) == (FlagSource.HELP_REQUEST, True, True)
    assert (case.attempts, case.channels, case.follow_ups) == (0, (), 0)
    for forgotten in (
        case.acknowledged_at,
        case.acknowledged_by,
        case.contacted_at,
        case.planned_at,
        case.late_since,
        case.closed_at,
        case.closed_by,
        case.joined_to,
        case.close_reason,
        case.close_by,
    ):
        assert forgotten is None
    assert (case.page_reason, case.contact_by) == ("re-opened", now + 30 * MINUTE)


def test_a_sign_makes_a_crisis_of_a_care_case() -> None:
    case = a_care_case()

    case.take_signal(a_signal(), NINE + HOUR, POLICY)

    assert case.crisis
    assert case.happened == [Opened(reopened=True)]
    assert case.is_paging


@pytest.mark.parametrize(("minutes", "reopened"), [(59, False), (60, True)])
def test_a_sign_long_after_the_talk_opens_the_case_anew(minutes: int, reopened: bool) -> None:
    case = reached(a_crisis())

    case.take_signal(a_signal(), NINE + minutes * MINUTE, POLICY)

    assert (Opened(reopened=True) in case.happened) is reopened
    if not reopened:
        assert case.happened == [Overdue("new-signal", True)]


@pytest.mark.parametrize(
    ("minutes", "said", "alarms"),
    [
        (59, {}, False),
        (60, {}, True),
        (1, {"acute": True}, True),
        (1, {"source": FlagSource.HELP_REQUEST}, True),
    ],
)
def test_a_repeated_sign_pages_again_when_it_says_more(
    minutes: int, said: dict[str, Any], alarms: bool
) -> None:
    case = acknowledged(a_crisis())

    case.take_signal(a_signal(**said), NINE + minutes * MINUTE, POLICY)

    assert (case.happened == [Overdue("new-signal", True)]) is alarms
    assert case.is_paging is alarms
    assert case.signalled_at == NINE + minutes * MINUTE


def test_a_sign_after_attempts_or_a_request_to_close_starts_them_again() -> None:
    tried, closing = acknowledged(a_crisis()), acknowledged(a_crisis(person=None))
    try_it(tried, NINE + MINUTE)
    ask_to_close(closing, CloseReason.NOT_REACHABLE)

    for case in (tried, closing):
        heard(case).take_signal(a_signal(), NINE + 2 * MINUTE, POLICY)
        assert case.happened == [Overdue("new-signal", True)]

    assert (tried.attempts, tried.channels) == (0, ())
    assert closing.close_requested_by is None


def test_while_officers_are_called_a_sign_pages_again_only_after_the_first_tier() -> None:
    early, late = a_crisis(), a_crisis()
    missed(late)
    due = late.step_due_at
    late.page_confirmed(NINE + 16 * MINUTE)
    heard(late)

    early.take_signal(a_signal(), NINE + MINUTE, POLICY)
    late.take_signal(a_signal(), NINE + 16 * MINUTE, POLICY)

    assert early.happened == []
    assert late.happened == [Overdue("new-signal", True)]
    assert (late.step_due_at, late.page_sent_at) == (due, None)
    second_round = a_crisis()
    for _ in range(4):
        missed(second_round)
    heard(second_round).take_signal(a_signal(), NINE + 80 * MINUTE, POLICY)
    assert second_round.happened == [Overdue("new-signal", True)]


def test_a_sign_may_only_sharpen_the_limit_of_the_contact() -> None:
    case = acknowledged(a_crisis())
    case.take_signal(a_signal(acute=True), NINE + 10 * MINUTE, POLICY)
    assert (case.acute, case.contact_by) == (True, NINE + 40 * MINUTE)

    late = acknowledged(a_crisis())
    late.take_signal(a_signal(acute=True), NINE + 110 * MINUTE, POLICY)
    assert late.contact_by == NINE + 2 * HOUR
    case.take_signal(a_signal(acute=True), NINE + 20 * MINUTE, POLICY)
    assert case.contact_by == NINE + 40 * MINUTE

    done = reached(a_crisis())
    limit = done.contact_by
    done.take_signal(a_signal(acute=True), NINE + MINUTE, POLICY)
    assert (done.acute, done.contact_by) == (True, limit)


def test_a_wish_to_be_called_back_is_never_forgotten() -> None:
    case = a_crisis(a_signal(callback=True))

    case.take_signal(a_signal(), NINE, POLICY)
    assert case.callback
    other = a_crisis()
    other.take_signal(a_signal(callback=True), NINE, POLICY)
    assert other.callback


def test_a_worse_response_makes_a_care_case_more_urgent_and_a_milder_one_does_not() -> None:
    case = a_care_case(3)
    contact_by = case.contact_by

    case.take_response(3, NINE + HOUR, POLICY)
    assert (case.care_level, case.contact_by) == (3, contact_by)
    assert case.new_steps == [Step(kind="response", at=NINE + HOUR, facts={"care_level": 3})]

    case.take_response(4, NINE + HOUR, POLICY)
    assert case.care_level == 4
    # Level 4: the same day, which in the city ends at 16:00 UTC.
    assert case.contact_by == case.step_due_at == NINE.replace(hour=16)
    case.take_response(3, NINE + 2 * HOUR, POLICY)
    assert (case.care_level, case.contact_by) == (4, NINE.replace(hour=16))


def test_a_response_puts_nothing_off_and_changes_no_crisis() -> None:
    case, crisis = a_care_case(3), acknowledged(a_crisis())
    case.step_due_at = NINE + MINUTE
    before = (crisis.care_level, crisis.step_due_at)

    case.take_response(4, NINE + 2 * DAY, POLICY)
    crisis.take_response(4, NINE, POLICY)

    assert case.step_due_at == NINE + MINUTE
    assert (crisis.care_level, crisis.step_due_at) == before
    assert kinds(crisis) == ["response"]
    spoken_with = reached(a_care_case(3))
    due = spoken_with.step_due_at
    spoken_with.take_response(4, NINE + MINUTE, POLICY)
    assert (spoken_with.care_level, spoken_with.step_due_at) == (4, due)


def test_follow_ups_of_a_care_case_come_as_its_level_says() -> None:
    case = reached(a_care_case(4))
    refer(case)

    follow_up(case, NINE + DAY)

    assert (case.due, case.step_due_at) == (Due.FOLLOW_UP, NINE + DAY + 7 * DAY)
    assert (case.follow_ups, case.state) == (1, State.FOLLOWING_UP)
