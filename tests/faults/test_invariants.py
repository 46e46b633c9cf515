"""Each invariant's checker finds the violation that is planted for it, and nothing before."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Connection, create_engine

from services.apphost import KEEPERS
from tests.faults.harness.diary import Alarm, Kill
from tests.faults.harness.invariants import INVARIANTS, Mail, judge
from tests.faults.harness.invariants.bookings import NO_DOUBLE_BOOKING
from tests.faults.harness.invariants.cases import (
    DUE_TIME,
    NO_CRISIS_LOST,
    PAGED_WITHOUT_BROKER,
)
from tests.faults.harness.invariants.events import (
    AS_DOCUMENTED,
    EVERY_EVENT_ONCE,
    GAPLESS,
    LEDGER,
    NOTHING_PARKED,
)
from tests.faults.harness.invariants.health import STAYED_UP, SUBSCRIBER, TIMERS_RUN
from tests.faults.harness.invariants.mails import ARRIVED, ONCE
from tests.faults.harness.invariants.promises import NOTHING_LOST, SAME_AGAIN
from tests.faults.harness.invariants.responses import ONE_OUTCOME
from tests.faults.harness.invariants.secrecy import NOTHING_PERSONAL
from tests.faults.harness.invariants.statistics import RECOUNT
from tests.faults.small_city import BAND, SmallCity
from tests.support.databases import Databases, TestPostgres

Plant = Callable[[SmallCity], None]


@pytest.fixture(scope="module")
def well(
    postgres_server: TestPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SmallCity, list[Connection]]]:
    given = Databases(postgres_server)
    with ExitStack() as stack:
        connections = {}
        for name in KEEPERS:
            engine = create_engine(given.database(name))
            stack.callback(engine.dispose)
            connections[name] = stack.enter_context(engine.connect())
        city = SmallCity(connections, tmp_path_factory.mktemp("small"))
        yield city, list(connections.values())
    given.drop_all()


@pytest.fixture
def city(well: tuple[SmallCity, list[Connection]]) -> Iterator[SmallCity]:
    untouched, connections = well
    planted = [each.begin_nested() for each in connections]
    yield untouched.again()
    for each in planted:
        each.rollback()


def broken(city: SmallCity) -> set[str]:
    return {finding.name for finding in judge(city.evidence()) if not finding.held}


def test_in_a_city_where_all_went_well_every_invariant_holds(city: SmallCity) -> None:
    findings = judge(city.evidence())

    assert [(each.name, each.wrong) for each in findings if each.wrong] == []
    assert [each.name for each in findings if not each.checked] == []
    assert len(findings) == len(INVARIANTS) == len({sentence for sentence, _ in PLANTED})


def a_second_booking_of_the_slot(city: SmallCity) -> None:
    city.relax("booking", "appointments")
    city.book(uuid4(), slot=city.slot)


def two_appointments_of_a_counsellor_at_once(city: SmallCity) -> None:
    city.relax("booking", "appointments", "slots")
    city.book(uuid4(), slot=city.add_slot(minutes=30))


def two_appointments_of_a_worker_at_once(city: SmallCity) -> None:
    city.relax("booking", "appointments", "slots")
    city.book(city.worker, slot=city.add_slot(minutes=10, counsellor=city.add_counsellor()))


def a_taken_slot_that_nobody_has(city: SmallCity) -> None:
    city.run("booking", "UPDATE appointments SET state = 'cancelled'")


def a_response_without_an_offer(city: SmallCity) -> None:
    city.run("booking", "DELETE FROM offer_responses")


def an_offer_told_twice(city: SmallCity) -> None:
    city.tell("booking", "booking.offer-made.v1", city.offer, response=str(city.response))


def an_offer_closed_twice(city: SmallCity) -> None:
    city.tell("booking", "booking.offer-expired.v1", city.offer)


def an_event_missing_in_an_inbox(city: SmallCity) -> None:
    city.run("notification", "DELETE FROM inbox WHERE queue = 'notification.appointment-changes'")


def an_event_never_sent(city: SmallCity) -> None:
    city.run("booking", "UPDATE outbox SET sent_at = NULL WHERE type LIKE '%appointment-booked%'")


def an_event_from_nowhere(city: SmallCity) -> None:
    city.receive("assessment", "assessment.case-closed", uuid4())


def an_event_missing_in_the_ledger(city: SmallCity) -> None:
    city.run("reporting", "ALTER TABLE ledger DISABLE TRIGGER USER")
    city.run("reporting", "DELETE FROM ledger WHERE kind = 'booking.offer-accepted.v1'")


def a_parked_event(city: SmallCity) -> None:
    city.run("booking", "UPDATE inbox SET state = 'parked', error = 'refused'")


def a_dead_letter(city: SmallCity) -> None:
    city.dead_letters.append(("reporting.ledger.dead", b"{}"))


def a_gap_in_the_numbers(city: SmallCity) -> None:
    city.run("booking", "UPDATE outbox SET sequence = sequence + 1 WHERE subject = :id",
             id=str(city.offer))  # fmt: skip


def a_message_that_no_document_knows(city: SmallCity) -> None:
    city.unlike.append("booking.offer-made.v1: $.data.urgency: 'high' is not of type 'integer'")


def a_mail_sent_twice(city: SmallCity) -> None:
    city.mails.append(Mail(city.mails[0].message_id, city.mails[0].at + 40, ""))


def a_mail_sent_twice_long_after_a_kill(city: SmallCity) -> None:
    city.diary.kills.append(Kill("notification-1", city.mails[0].at - 5))
    a_mail_sent_twice(city)


def more_copies_than_a_killed_process_can_make(city: SmallCity) -> None:
    city.diary.kills.append(Kill("notification-1", city.mails[0].at + 1))
    for number in range(6):
        city.mails.append(Mail(city.mails[0].message_id, city.mails[0].at + number / 100, ""))


def a_mail_that_never_arrived(city: SmallCity) -> None:
    city.mails.pop(0)


def a_mail_that_still_waits(city: SmallCity) -> None:
    city.run("notification", "UPDATE deliveries SET state = 'queued'")


def a_wrong_count(city: SmallCity) -> None:
    city.run("reporting", "UPDATE counters SET value = value + 1 WHERE code = 'offers-made'")


def a_count_of_nothing(city: SmallCity) -> None:
    city.count("appointments-no-show")


def a_wrong_band(city: SmallCity) -> None:
    code = f"responses-phq9-{BAND}"
    city.run("reporting", "UPDATE counters SET code = 'responses-phq9-mild' WHERE code = :code",
             code=code)  # fmt: skip


def a_crisis_that_was_not_counted(city: SmallCity) -> None:
    city.run("reporting", "DELETE FROM case_figures")


def an_open_case_without_a_timer(city: SmallCity) -> None:
    city.run("booking", "DELETE FROM timers")


def an_open_case_without_a_due_time(city: SmallCity) -> None:
    city.run("booking", "ALTER TABLE cases DROP CONSTRAINT ck_cases_next_due")
    city.run("booking", "UPDATE cases SET next_due_at = NULL")


def a_crisis_without_a_case(city: SmallCity) -> None:
    city.diary.alarms.append(Alarm(case=str(uuid4()), person="", heard_at=city.now))


def a_case_nobody_was_paged_for(city: SmallCity) -> None:
    city.run("notification", "UPDATE messages SET about_case = NULL")


def a_page_that_came_late(city: SmallCity) -> None:
    city.alarm_without_broker(at=city.now - 11)


def a_page_that_came_twice(city: SmallCity) -> None:
    city.alarm_without_broker(at=city.now - 1)
    city.page(city.officer)


def a_page_to_somebody_who_is_not_on_duty(city: SmallCity) -> None:
    city.alarm_without_broker(at=city.now - 1)
    city.run("booking", "UPDATE shifts SET officer = :other", other=uuid4())


def no_page_at_all(city: SmallCity) -> None:
    city.alarm_without_broker(at=city.now - 1)
    city.mails.clear()


def an_answer_that_was_acknowledged_and_lost(city: SmallCity) -> None:
    city.run("assessment", "DELETE FROM responses")


def a_cancellation_that_was_forgotten(city: SmallCity) -> None:
    city.promise("cancelled", city.appointment)


def a_repeat_that_made_another_one(city: SmallCity) -> None:
    city.book(uuid4(), slot=city.add_slot(minutes=600))


def a_repeat_with_another_answer(city: SmallCity) -> None:
    city.diary.repeats_that_differ.append("response")


def a_process_that_fell_over(city: SmallCity) -> None:
    city.ended["booking-1"] = 1


def a_timer_that_nobody_swept(city: SmallCity) -> None:
    city.run("booking", "UPDATE timers SET due_at = now() - interval '1 hour'")


def a_subscriber_beyond_its_limit(city: SmallCity) -> None:
    city.diary.subscriber_depths.append((21, 20))


def a_name_in_a_log(city: SmallCity) -> None:
    city.log("somebody@mail.example signed in")


def a_phone_in_a_log(city: SmallCity) -> None:
    city.log('{"event": "call", "to": "13812345678"}')


def answers_in_a_log(city: SmallCity) -> None:
    city.log(json.dumps({"answers": {"q1": 2, "q2": 1}}))


def a_name_in_the_audit(city: SmallCity) -> None:
    city.run("booking", "INSERT INTO audit (action, subject, correlation_id, reason)"
             " VALUES ('x', 'y', 'z', 'for somebody@mail.example')")  # fmt: skip


PLANTED: list[tuple[str, Plant]] = [
    (NO_DOUBLE_BOOKING, a_second_booking_of_the_slot),
    (NO_DOUBLE_BOOKING, two_appointments_of_a_counsellor_at_once),
    (NO_DOUBLE_BOOKING, two_appointments_of_a_worker_at_once),
    (NO_DOUBLE_BOOKING, a_taken_slot_that_nobody_has),
    (ONE_OUTCOME, a_response_without_an_offer),
    (ONE_OUTCOME, an_offer_told_twice),
    (ONE_OUTCOME, an_offer_closed_twice),
    (EVERY_EVENT_ONCE, an_event_missing_in_an_inbox),
    (EVERY_EVENT_ONCE, an_event_never_sent),
    (EVERY_EVENT_ONCE, an_event_from_nowhere),
    (LEDGER, an_event_missing_in_the_ledger),
    (NOTHING_PARKED, a_parked_event),
    (NOTHING_PARKED, a_dead_letter),
    (GAPLESS, a_gap_in_the_numbers),
    (AS_DOCUMENTED, a_message_that_no_document_knows),
    (ONCE, a_mail_sent_twice),
    (ONCE, a_mail_sent_twice_long_after_a_kill),
    (ONCE, more_copies_than_a_killed_process_can_make),
    (ARRIVED, a_mail_that_never_arrived),
    (ARRIVED, a_mail_that_still_waits),
    (RECOUNT, a_wrong_count),
    (RECOUNT, a_count_of_nothing),
    (RECOUNT, a_wrong_band),
    (RECOUNT, a_crisis_that_was_not_counted),
    (DUE_TIME, an_open_case_without_a_timer),
    (DUE_TIME, an_open_case_without_a_due_time),
    (NO_CRISIS_LOST, a_crisis_without_a_case),
    (NO_CRISIS_LOST, a_case_nobody_was_paged_for),
    (PAGED_WITHOUT_BROKER, a_page_that_came_late),
    (PAGED_WITHOUT_BROKER, a_page_that_came_twice),
    (PAGED_WITHOUT_BROKER, a_page_to_somebody_who_is_not_on_duty),
    (PAGED_WITHOUT_BROKER, no_page_at_all),
    (NOTHING_LOST, an_answer_that_was_acknowledged_and_lost),
    (NOTHING_LOST, a_cancellation_that_was_forgotten),
    (SAME_AGAIN, a_repeat_that_made_another_one),
    (SAME_AGAIN, a_repeat_with_another_answer),
    (STAYED_UP, a_process_that_fell_over),
    (TIMERS_RUN, a_timer_that_nobody_swept),
    (SUBSCRIBER, a_subscriber_beyond_its_limit),
    (NOTHING_PERSONAL, a_name_in_a_log),
    (NOTHING_PERSONAL, a_phone_in_a_log),
    (NOTHING_PERSONAL, answers_in_a_log),
    (NOTHING_PERSONAL, a_name_in_the_audit),
]


@pytest.mark.parametrize(
    ("sentence", "plant"), PLANTED, ids=[plant.__name__ for _, plant in PLANTED]
)
def test_a_planted_violation_is_named(city: SmallCity, sentence: str, plant: Plant) -> None:
    plant(city)

    assert sentence in broken(city)


def test_a_copy_made_by_a_kill_is_counted_and_no_violation(city: SmallCity) -> None:
    city.diary.kills.append(Kill("notification-1", city.mails[0].at + 0.2))
    a_mail_sent_twice(city)

    assert broken(city) == set()
    assert city.diary.counts["copies of mails"] == 1


@pytest.mark.parametrize(("minutes", "held"), [(0.5, True), (5, False)])
def test_a_case_that_was_taken_at_once_needs_no_page(
    city: SmallCity, minutes: float, *, held: bool
) -> None:
    a_case_nobody_was_paged_for(city)
    opened = datetime.now(UTC)
    for kind, at in (("opened", opened), ("acknowledged", opened + timedelta(minutes=minutes))):
        city.add("booking", "case_steps", case_id=city.case, kind=kind, at=at)

    assert (NO_CRISIS_LOST not in broken(city)) is held


def test_a_checker_that_fails_counts_as_broken(city: SmallCity) -> None:
    city.run("reporting", "ALTER TABLE ledger RENAME TO elsewhere")

    assert LEDGER in broken(city)
