"""A case on its way to the contact: what each act writes down, tells, and makes due next."""

from uuid import uuid4

import pytest

from services.booking.cases.errors import (
    CaseAlreadyAcknowledged,
)
from services.booking.cases.events import (
    Acknowledged,
    Contacted,
    Escalated,
    Opened,
    Referred,
)
from services.booking.cases.steps import (
    Due,
    Level,
    Reaction,
    ReferralKind,
    State,
    Step,
)
from services.contracts.assessment import FlagSource
from tests.unit.booking.cases.case_acts import (
    DAY,
    HOUR,
    MINUTE,
    NOTE,
    OFFICER,
    PHONE,
    SECOND,
    VISIT,
    a_care_case,
    a_case,
    a_crisis,
    a_signal,
    acknowledged,
    heard,
    kinds,
    planned,
    reached,
    refer,
    try_it,
)
from tests.unit.booking.cases.fakes import NINE, POLICY


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
