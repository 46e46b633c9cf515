"""What officers may and may not do."""

from uuid import UUID, uuid4

import pytest

from services.booking.cases.errors import (
    AttemptsMissing,
    CaseIsClosed,
    CloseNotRequested,
    NoDrill,
    NoSuchCase,
    NotContactedYet,
    NotPlannedYet,
    SecondPersonNeeded,
)
from services.booking.cases.steps import (
    CloseReason,
    ContactChannel,
    Level,
    Reaction,
    ReferralKind,
    State,
)
from services.booking.cases.usecases.acknowledge_case import AcknowledgeCase, acknowledge_case
from services.booking.cases.usecases.hand_over_case import HandOverCase, hand_over_case
from services.booking.cases.usecases.refer_person import ReferPerson, refer_person
from services.booking.staff import NotSuchStaff
from services.chassis.access import Role
from services.contracts.booking import CaseClosedV1, CasePlannedV1
from tests.unit.booking.cases.driving import (
    LEAD,
    OFFICER,
    SECOND,
    acknowledged,
    close_answered,
    close_asked,
    closed,
    contacted,
    flagged,
    followed_up,
    planned,
    tried,
)
from tests.unit.booking.cases.fakes import POLICY, FakeWork
from tests.unit.booking.staff import FakeStaff


def referred(work: FakeWork, case: UUID) -> None:
    command = ReferPerson(
        case=case,
        by=OFFICER,
        kind=ReferralKind.ADVISED,
        reaction=Reaction.ACCEPTED,
        wording="advice-1.0.0",
    )
    refer_person(command, uow=work, policy=POLICY)


def test_closing_needs_a_second_person() -> None:
    work = FakeWork()
    case = flagged(work)
    contacted(work, case)
    close_asked(work, case)

    with pytest.raises(SecondPersonNeeded):
        close_answered(work, case, by=OFFICER)
    close_answered(work, case, by=LEAD)

    assert work.case(case).state is State.CLOSED
    assert (work.case(case).closed_by, work.case(case).next_due_at) == (LEAD, None)
    assert len(work.events(CaseClosedV1)) == 1
    assert not [key for key in work.timers.set_for if key[1] == str(case)]


def test_the_second_person_may_refuse() -> None:
    work = FakeWork()
    case = flagged(work)
    contacted(work, case)
    due = work.case(case).next_due_at
    close_asked(work, case)

    close_answered(work, case, by=LEAD, agreed=False)

    assert work.case(case).next_due_at == due
    assert work.timeline(case)[-1] == "close-refused"


def test_nothing_is_confirmed_that_nobody_asked_for() -> None:
    work = FakeWork()
    case = flagged(work)

    with pytest.raises(CloseNotRequested):
        close_answered(work, case, by=LEAD)


def test_a_case_is_not_resolved_before_somebody_spoke_with_the_person() -> None:
    work = FakeWork()
    case = flagged(work)

    with pytest.raises(NotContactedYet):
        close_asked(work, case, CloseReason.RESOLVED)


def test_not_reachable_needs_the_attempts_of_the_policy() -> None:
    work = FakeWork()
    case = flagged(work)
    for channel in (ContactChannel.PHONE, ContactChannel.PHONE):
        tried(work, case, reached=False, channel=channel)
    with pytest.raises(AttemptsMissing):
        close_asked(work, case, CloseReason.NOT_REACHABLE)

    tried(work, case, reached=False, channel=ContactChannel.IN_PERSON)
    close_asked(work, case, CloseReason.NOT_REACHABLE)

    assert work.case(case).close_reason is CloseReason.NOT_REACHABLE


def test_whoever_left_neither_name_nor_phone_cannot_be_reached() -> None:
    work = FakeWork()
    case = flagged(work, person=None, callback=False)

    close_asked(work, case, CloseReason.NOT_REACHABLE)

    assert work.case(case).close_requested_by == OFFICER


def test_only_a_drill_ends_as_a_drill() -> None:
    work = FakeWork()
    real, drill = flagged(work), flagged(work, drill=True)

    close_asked(work, drill, CloseReason.DRILL_FINISHED)
    with pytest.raises(NoDrill):
        close_asked(work, real, CloseReason.DRILL_FINISHED)


def test_a_closed_case_takes_nothing_more() -> None:
    work = FakeWork()
    case = flagged(work)
    closed(work, case)

    for move in (acknowledged, contacted, planned, followed_up, referred, close_asked):
        with pytest.raises(CaseIsClosed):
            move(work, case)


def test_a_plan_follows_contact_and_a_follow_up_follows_a_plan() -> None:
    work = FakeWork()
    case = flagged(work)

    with pytest.raises(NotContactedYet):
        planned(work, case)
    contacted(work, case)
    with pytest.raises(NotPlannedYet):
        followed_up(work, case)
    planned(work, case)

    assert work.case(case).responsible == SECOND
    assert [event.responsible for event in work.events(CasePlannedV1)] == [SECOND]


def test_only_somebody_who_may_act_on_cases_answers_for_a_plan() -> None:
    """Whoever is named in it may read the case."""
    work = FakeWork()
    case = flagged(work)
    contacted(work, case)

    with pytest.raises(NotSuchStaff):
        planned(work, case, uuid4(), Role.CITY_ADMIN)
    assert work.case(case).responsible is None
    planned(work, case, OFFICER, Role.CITY_ADMIN)
    assert work.case(case).responsible == OFFICER


def test_a_refused_move_leaves_no_trace() -> None:
    work = FakeWork()
    case = flagged(work)

    with pytest.raises(NotContactedYet):
        planned(work, case)

    assert work.types() == ["case-opened"]
    assert work.case(case).state is State.OPENED


def test_imminent_danger_found_in_the_conversation_makes_the_case_acute() -> None:
    work = FakeWork()
    case = flagged(work)

    tried(work, case, reached=True, level=Level.IMMINENT)
    assert work.case(case).acute
    tried(work, case, reached=True, level=Level.LOW)
    assert not work.case(case).acute


def test_a_referral_is_recorded_with_wording_and_reaction() -> None:
    work = FakeWork()
    case = flagged(work)

    referred(work, case)

    step = work.cases.timelines[case][-1]
    assert step.facts == {"kind": "advised", "reaction": "accepted", "wording": "advice-1.0.0"}
    assert work.types()[-1] == "case-referred"


def test_handing_over_makes_the_other_officer_answer_for_it() -> None:
    work = FakeWork()
    case = flagged(work)
    acknowledged(work, case)
    due = work.case(case).next_due_at

    command = HandOverCase(case=case, by=OFFICER, to=SECOND)
    hand_over_case(command, uow=work, staff=FakeStaff(Role.DUTY), policy=POLICY)

    assert work.case(case).acknowledged_by == SECOND
    assert work.case(case).next_due_at == due


def test_a_counsellor_reaches_only_cases_of_people_in_their_care() -> None:
    work = FakeWork()
    counsellor, person = uuid4(), uuid4()
    case = flagged(work, person=person)
    command = AcknowledgeCase(case=case, by=counsellor, in_care_only=True)

    with pytest.raises(NoSuchCase):
        acknowledge_case(command, uow=work, policy=POLICY)
    work.cases.care.add((counsellor, person))
    acknowledge_case(command, uow=work, policy=POLICY)

    assert work.case(case).acknowledged_by == counsellor


def test_what_happens_to_a_case_continues_its_own_loop() -> None:
    work = FakeWork()
    case = flagged(work)
    work.correlation_id = "the-officer's-request"

    acknowledged(work, case)

    assert {loop for *_, loop in work.published} == {"loop-1"}
