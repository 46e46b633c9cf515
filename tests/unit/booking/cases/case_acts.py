"""Cases for tests, and what officers do to them, each in one word."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from services.booking.cases.domain import Case
from services.booking.cases.steps import (
    CloseReason,
    ContactChannel,
    Reaction,
    ReferralKind,
    Signal,
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


def missed(case: Case) -> list[Any]:
    """Let pass what is due next; what that led to."""
    heard(case)
    assert case.next_due_at is not None
    case.miss(case.next_due_at, POLICY)
    return case.happened
