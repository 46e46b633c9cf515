"""A crisis signal opens a case, pages, and joins what is open already."""

from datetime import timedelta
from uuid import uuid4

from services.booking.cases.keeping import CASE_DUE, PAGE_WATCH
from services.booking.cases.steps import Due, State
from services.booking.cases.usecases.open_care_case import OpenCareCase, open_care_case
from services.booking.cases.usecases.raise_flag import RaiseFlag, raise_flag
from services.contracts.assessment import FlagSource
from services.contracts.booking import CaseClosedV1, CaseOpenedV1
from tests.unit.booking.cases.driving import acknowledged, closed, contacted, flagged
from tests.unit.booking.cases.fakes import NINE, POLICY, FakeWork


def test_a_crisis_signal_opens_a_case_under_the_minted_id_and_pages_the_roster() -> None:
    work = FakeWork()
    first, second = work.shift(1), work.shift(2)
    minted = uuid4()

    flagged(work, case=minted)

    case = work.case(minted)
    assert (case.state, case.due, case.next_due_at) == (
        State.OPENED,
        Due.ACKNOWLEDGE,
        NINE + timedelta(minutes=15),
    )
    assert case.contact_by == NINE + timedelta(hours=2)
    [(event, urgent, unit, _)] = work.published
    assert isinstance(event, CaseOpenedV1)
    assert (urgent, unit, event.fallback, event.crisis) == (True, "wh/hc/e0001", False, True)
    assert [(step.officer, step.tier, step.due_at - NINE) for step in event.chain] == [
        (first, 1, timedelta()),
        (second, 2, timedelta(minutes=15)),
    ]
    assert work.timers.set_for[CASE_DUE, str(minted)][0] == case.next_due_at
    assert work.timers.set_for[PAGE_WATCH, str(minted)][0] == NINE + timedelta(seconds=30)


def test_with_nobody_rostered_the_fallback_contact_is_paged() -> None:
    work = FakeWork()

    flagged(work)

    [event] = work.events(CaseOpenedV1)
    assert event.fallback
    assert event.chain == ()


def test_an_acute_signal_asks_for_contact_within_half_an_hour() -> None:
    work = FakeWork()

    minted = flagged(work, acute=True)

    assert work.case(minted).contact_by == NINE + timedelta(minutes=30)


def test_the_same_case_signalled_twice_is_one_case_with_two_signals() -> None:
    work = FakeWork()
    minted, person = uuid4(), uuid4()

    flagged(work, case=minted, person=person)
    work.pass_time(minutes=3)
    flagged(work, case=minted, person=person)

    assert work.types() == ["case-opened"]
    assert work.timeline(minted) == ["opened", "signal", "signal"]
    assert work.case(minted).acknowledge_by == NINE + timedelta(minutes=15)


def test_a_second_signal_that_is_acute_shortens_the_time_to_contact() -> None:
    work = FakeWork()
    minted, person = uuid4(), uuid4()
    flagged(work, case=minted, person=person)
    acknowledged(work, minted)

    work.pass_time(minutes=10)
    flagged(work, case=minted, person=person, acute=True)

    assert work.case(minted).is_paging
    acknowledged(work, minted)
    assert work.case(minted).next_due_at == NINE + timedelta(minutes=40)


def test_a_signal_re_opens_a_closed_case_with_a_fresh_clock() -> None:
    work = FakeWork()
    minted, person = uuid4(), uuid4()
    flagged(work, case=minted, person=person)
    closed(work, minted)
    work.pass_time(days=9)
    work.correlation_id = "loop-2"

    flagged(work, case=minted, person=person)

    case = work.case(minted)
    assert (case.state, case.opened_at, case.first_opened_at) == (State.OPENED, work.time, NINE)
    assert case.closed_at is None
    assert case.correlation_id == "loop-2"
    assert [event.reopened for event in work.events(CaseOpenedV1)] == [False, True]


def test_a_new_signal_long_after_contact_restarts_the_clock_of_an_open_case() -> None:
    work = FakeWork()
    minted, person = uuid4(), uuid4()
    flagged(work, case=minted, person=person)
    contacted(work, minted)

    work.pass_time(minutes=20)
    flagged(work, case=minted, person=person)
    assert work.case(minted).state is State.CONTACTED
    assert work.case(minted).is_paging

    work.pass_time(hours=5)
    flagged(work, case=minted, person=person)
    assert work.case(minted).state is State.OPENED
    assert work.case(minted).is_paging


def test_nobody_known_gets_a_case_too() -> None:
    work = FakeWork()

    minted = flagged(work, person=None, unit="", callback=True, source=FlagSource.HELP_REQUEST)

    assert work.case(minted).callback
    assert work.case(minted).person is None


def test_a_care_case_of_the_person_ends_in_the_crisis_case() -> None:
    work = FakeWork()
    person = uuid4()
    command = OpenCareCase(person=person, unit="wh", care_level=3)
    care = open_care_case(command, uow=work, policy=POLICY, new_id=uuid4)
    assert care is not None

    minted = flagged(work, person=person)

    assert work.case(care.id).joined_to == minted
    assert [event.case for event in work.events(CaseClosedV1)] == [care.id]
    assert work.case(minted).is_open


def test_a_counsellor_raises_a_flag_and_joins_the_open_case() -> None:
    work = FakeWork()
    person, counsellor = uuid4(), uuid4()
    flag = RaiseFlag(
        by=counsellor,
        person=person,
        unit="wh",
        source=FlagSource.COUNSELLOR,
        note="gave things away",
    )

    first = raise_flag(flag, uow=work, policy=POLICY, new_id=uuid4)
    second = raise_flag(flag, uow=work, policy=POLICY, new_id=uuid4)

    assert first.id == second.id
    assert work.types() == ["case-opened"]
    note = work.cases.timelines[first.id][1].note
    assert note is not None
    assert work.vault.open(person, note, f"case-note:{first.id}") == b"gave things away"


def test_a_drill_runs_beside_the_real_case_and_never_touches_it() -> None:
    work = FakeWork()
    person, real = uuid4(), uuid4()
    flagged(work, case=real, person=person)

    drill = flagged(work, person=person, drill=True)
    flagged(work, case=real, person=person, drill=True)

    assert work.case(drill).drill
    assert work.timeline(real) == ["opened", "signal"]
    assert [event.drill for event in work.events(CaseOpenedV1)] == [False, True]


def test_a_real_signal_makes_a_drill_real() -> None:
    work = FakeWork()
    person, minted = uuid4(), uuid4()
    flagged(work, case=minted, person=person, drill=True)
    acknowledged(work, minted)

    flagged(work, case=minted, person=person)

    assert not work.case(minted).drill
    assert work.case(minted).is_paging
    assert [event.drill for event in work.events(CaseOpenedV1)] == [True, False]
