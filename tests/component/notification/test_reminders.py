"""Appointments and their reminders."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from services.contracts.booking import (
    AppointmentBookedV1,
    AppointmentCancelledV1,
    AppointmentRescheduledV1,
    Mode,
)
from tests.component.notification.conftest import Desk
from tests.support.apps import eventually


def in_days(days: float) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def an_appointment(event, person, starts_at, appointment=None):
    return event(
        appointment=appointment or uuid4(),
        person=person,
        counsellor=uuid4(),
        site=uuid4(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=50),
        mode=Mode.IN_PERSON,
    )


def reminders(desk, appointment):
    found = desk.timers("reminder", f"{appointment}/%")
    return {row.payload["reminder"]: row.due_at for row in found}


def kinds(desk, client):
    return [each["kind"] for each in reversed(desk.inbox(client))]


def test_a_booking_is_confirmed_and_reminds_twice(desk: Desk):
    worker, starts_at = desk.somebody(), in_days(3)
    booked = an_appointment(AppointmentBookedV1, worker.person, starts_at)

    desk.happens(booked)

    assert kinds(desk, worker) == ["appointment-booked"]
    assert desk.mails(worker)[0].message["Subject"] == "预约通知"
    assert reminders(desk, booked.appointment) == {
        "appointment-tomorrow": starts_at - timedelta(hours=24),
        "appointment-soon": starts_at - timedelta(hours=2),
    }


def test_a_due_reminder_reaches_the_person_in_quiet_words(desk: Desk):
    worker = desk.somebody()
    booked = an_appointment(AppointmentBookedV1, worker.person, in_days(2))
    desk.happens(booked)
    desk.mails(worker)

    desk.set_timer("reminder", f"{booked.appointment}/appointment-soon")

    mail = desk.mails(worker, 2)[1]
    assert mail.message["Subject"] == "预约提醒"
    assert kinds(desk, worker)[-1] == "appointment-soon"
    assert "appointment-soon" not in reminders(desk, booked.appointment)


def test_there_is_no_reminder_for_a_time_already_past(desk: Desk):
    worker = desk.somebody()
    booked = an_appointment(AppointmentBookedV1, worker.person, in_days(0.5))

    desk.happens(booked)

    assert list(reminders(desk, booked.appointment)) == ["appointment-soon"]


def test_moving_moves_the_reminders(desk: Desk):
    worker, later = desk.somebody(), in_days(9)
    booked = an_appointment(AppointmentBookedV1, worker.person, in_days(3))
    desk.happens(booked)

    moved = an_appointment(
        AppointmentRescheduledV1, worker.person, later, appointment=booked.appointment
    )
    desk.happens(moved)

    assert set(reminders(desk, booked.appointment).values()) == {
        later - timedelta(hours=24),
        later - timedelta(hours=2),
    }
    assert kinds(desk, worker) == ["appointment-booked", "appointment-moved"]


def test_cancelling_removes_the_reminders(desk: Desk):
    worker, starts_at = desk.somebody(), in_days(3)
    booked = an_appointment(AppointmentBookedV1, worker.person, starts_at)
    desk.happens(booked)

    cancelled = an_appointment(
        AppointmentCancelledV1, worker.person, starts_at, appointment=booked.appointment
    )
    desk.happens(cancelled)

    assert reminders(desk, booked.appointment) == {}
    assert kinds(desk, worker)[-1] == "appointment-cancelled"


def test_a_booking_that_arrives_after_its_cancellation_is_not_told(desk: Desk):
    worker, starts_at = desk.somebody(), in_days(3)
    cancelled = an_appointment(AppointmentCancelledV1, worker.person, starts_at)
    booked = an_appointment(
        AppointmentBookedV1, worker.person, starts_at, appointment=cancelled.appointment
    )

    desk.happens(cancelled, sequence=2)
    desk.happens(booked, sequence=1)

    assert kinds(desk, worker) == ["appointment-cancelled"]
    assert reminders(desk, booked.appointment) == {}


def test_a_reminder_whose_appointment_has_begun_is_not_sent(desk: Desk):
    worker = desk.somebody()
    booked = an_appointment(AppointmentBookedV1, worker.person, in_days(2))
    desk.happens(booked)
    desk.change(
        "UPDATE appointments SET starts_at = now() - interval '1 minute' WHERE id = :id",
        id=booked.appointment,
    )

    desk.set_timer("reminder", f"{booked.appointment}/appointment-soon")

    eventually(lambda: "appointment-soon" not in reminders(desk, booked.appointment))
    assert kinds(desk, worker) == ["appointment-booked"]
