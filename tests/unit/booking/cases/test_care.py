"""Care cases: no page, but limits, referral advice, follow-ups and reminders."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.booking.cases.domain import Case
from services.booking.cases.limits import care_contact_due
from services.booking.cases.steps import ContactChannel, Due, Reaction, ReferralKind, State
from services.booking.cases.usecases.open_care_case import (
    OpenCareCase,
    consider_response,
    open_care_case,
)
from services.booking.cases.usecases.record_contact import RecordContact, record_contact
from services.booking.cases.usecases.refer_person import ReferPerson, refer_person
from services.contracts.assessment import ResponseCompletedV1, Risk
from services.contracts.booking import CaseOpenedV1, CaseOverdueV1
from services.contracts.envelope import Envelope
from tests.unit.booking.cases.driving import OFFICER, followed_up, run_until
from tests.unit.booking.cases.fakes import NINE, POLICY, FakeWork


def a_care_case(work: FakeWork, level: int = 3, person: UUID | None = None) -> Case:
    command = OpenCareCase(person=person or uuid4(), unit="wh/hc", care_level=level)
    case = open_care_case(command, uow=work, policy=POLICY, new_id=uuid4)
    assert case is not None
    return case


def a_response(**changed: object) -> Envelope:
    data = {
        "response": uuid4(),
        "person": uuid4(),
        "instrument": "phq9",
        "version": "1.0.0",
        "band": "moderately-severe",
        "risk": Risk.URGENT,
        "care_level": 3,
        "policy": "1.0.0",
        **changed,
    }
    event = ResponseCompletedV1(**data)
    return Envelope(
        id=uuid4(),
        type=event.type,
        subject=event.subject_id(),
        time=NINE,
        correlation_id="loop-1",
        sequence=1,
        data=event,
        unit="wh/hc",
    )


def test_it_pages_nobody_and_is_due_by_the_end_of_the_next_working_day() -> None:
    work = FakeWork()

    case = a_care_case(work)

    [(event, urgent, _, _)] = work.published
    assert isinstance(event, CaseOpenedV1)
    assert (event.crisis, event.chain, event.fallback, urgent) == (False, (), False, False)
    assert not case.is_paging
    assert case.next_due_at == datetime(2025, 6, 3, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        ("2025-06-06T02:00+00:00", "2025-06-09T16:00+00:00"),  # Friday: Monday's end
        ("2025-06-07T02:00+00:00", "2025-06-09T16:00+00:00"),  # Saturday
        ("2025-06-08T17:00+00:00", "2025-06-10T16:00+00:00"),  # Monday 1:00 in Shanghai
    ],
)
def test_weekends_do_not_count_at_level_3(opened: str, due: str) -> None:
    found = care_contact_due(POLICY.care, 3, datetime.fromisoformat(opened))

    assert found == datetime.fromisoformat(due)


def test_level_4_is_due_the_same_day_but_never_in_less_than_two_hours() -> None:
    assert care_contact_due(POLICY.care, 4, NINE) == datetime(2025, 6, 2, 16, 0, tzinfo=UTC)

    late = datetime(2025, 6, 2, 15, 30, tzinfo=UTC)
    assert care_contact_due(POLICY.care, 4, late) == late + timedelta(hours=2)


def test_below_level_3_there_is_no_case() -> None:
    work = FakeWork()

    consider_response(a_response(care_level=2), uow=work, policy=POLICY)

    assert work.cases.rows == {}


def test_a_response_of_level_3_opens_one_and_a_crisis_response_leaves_it_to_its_flag() -> None:
    work = FakeWork()

    consider_response(a_response(), uow=work, policy=POLICY)
    consider_response(a_response(care_level=4, case=uuid4()), uow=work, policy=POLICY)
    consider_response(a_response(person=None), uow=work, policy=POLICY)

    assert [case.care_level for case in work.cases.rows.values()] == [3]


def test_a_later_and_heavier_response_joins_and_shortens_the_clock() -> None:
    work = FakeWork()
    person = uuid4()
    case = a_care_case(work, person=person)

    a_care_case(work, level=4, person=person)

    assert work.types() == ["case-opened"]
    assert work.case(case.id).care_level == 4
    assert work.case(case.id).next_due_at == datetime(2025, 6, 2, 16, 0, tzinfo=UTC)


def test_after_contact_comes_the_advice_and_then_weekly_follow_ups() -> None:
    work = FakeWork()
    case = a_care_case(work).id

    contact = RecordContact(case=case, by=OFFICER, channel=ContactChannel.PHONE, reached=True)
    record_contact(contact, uow=work, policy=POLICY)
    assert work.case(case).due is Due.REFER
    advice = ReferPerson(
        case=case,
        by=OFFICER,
        kind=ReferralKind.ADVISED,
        reaction=Reaction.UNDECIDED,
        wording="advice-1.0.0",
    )
    refer_person(advice, uow=work, policy=POLICY)

    assert work.case(case).due is Due.FOLLOW_UP
    work.time = work.case(case).next_due_at or work.time
    followed_up(work, case)
    assert work.case(case).next_due_at == work.time + timedelta(days=7)
    assert work.case(case).state is State.FOLLOWING_UP


def test_a_follow_up_does_not_replace_the_advice() -> None:
    work = FakeWork()
    case = a_care_case(work).id
    contact = RecordContact(case=case, by=OFFICER, channel=ContactChannel.PHONE, reached=True)
    record_contact(contact, uow=work, policy=POLICY)

    followed_up(work, case)

    assert work.case(case).due is Due.REFER


def test_late_it_reminds_daily_without_paging() -> None:
    work = FakeWork()
    case = a_care_case(work).id

    run_until(work, case, days=3)

    found = [(event.reason, event.chain, event.fallback) for event in work.events(CaseOverdueV1)]
    assert found == [("not-contacted", (), False)] * 2
    assert work.case(case).late_since == datetime(2025, 6, 3, 16, 0, tzinfo=UTC)
    assert not any(urgent for _, urgent, *_ in work.published)
