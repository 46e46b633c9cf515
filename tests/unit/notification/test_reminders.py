"""Reminders follow the newest change of an appointment and help until the next or the start."""

from datetime import timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from services.notification.reminders.domain import Appointment
from services.notification.reminders.usecases import NoteAppointment, note_appointment, remind
from tests.unit.notification.fakes import INSTANT, NOON, FakeWork

APPOINTMENT, PERSON = uuid4(), uuid4()
DAY, HOURS = "appointment-tomorrow", "appointment-soon"


def change(sequence, kind="appointment-booked", hours=72.0, active=True):
    return NoteAppointment(
        appointment=APPOINTMENT,
        person=PERSON,
        starts_at=NOON + timedelta(hours=hours),
        sequence=sequence,
        kind=kind,
        active=active,
    )


def kinds(uow):
    return sorted(each.kind for each in uow.messages.stored.values())


def test_two_reminders_are_set():
    uow = FakeWork()

    note_appointment(change(1), uow=uow)

    assert uow.timers.of("reminder") == {
        f"{APPOINTMENT}/{DAY}": NOON + timedelta(hours=48),
        f"{APPOINTMENT}/{HOURS}": NOON + timedelta(hours=70),
    }


def test_moving_nearer_removes_what_is_past():
    uow = FakeWork()
    note_appointment(change(1), uow=uow)

    note_appointment(change(2, "appointment-moved", hours=5), uow=uow)

    assert uow.timers.of("reminder") == {f"{APPOINTMENT}/{HOURS}": NOON + timedelta(hours=3)}


def test_a_late_reminder_gives_way_to_the_next():
    uow = FakeWork()
    note_appointment(change(1), uow=uow)
    uow.pass_time(hours=70.5)

    assert remind(APPOINTMENT, DAY, uow=uow) == []
    assert len(remind(APPOINTMENT, HOURS, uow=uow)) == 1


def test_nobody_is_reminded_of_what_has_begun_or_is_cancelled():
    uow = FakeWork()
    note_appointment(change(1), uow=uow)
    uow.pass_time(hours=72)
    assert remind(APPOINTMENT, HOURS, uow=uow) == []

    uow = FakeWork()
    note_appointment(change(1, active=False), uow=uow)
    assert remind(APPOINTMENT, HOURS, uow=uow) == []
    assert remind(uuid4(), HOURS, uow=uow) == []


@given(order=st.permutations([1, 2, 3]))
def test_whatever_the_order_the_newest_change_decides(order):
    changes = {
        1: change(1),
        2: change(2, "appointment-moved", hours=100),
        3: change(3, "appointment-cancelled", hours=100, active=False),
    }
    uow = FakeWork()

    for number in order:
        note_appointment(changes[number], uow=uow)

    assert uow.timers.of("reminder") == {}
    assert not uow.appointments.stored[APPOINTMENT].active
    assert "appointment-cancelled" in kinds(uow)


@given(hours=st.floats(-10, 200))
def test_no_reminder_is_ever_set_for_the_past(hours):
    appointment = Appointment(
        id=APPOINTMENT,
        person=PERSON,
        starts_at=NOON + timedelta(hours=hours),
        sequence=1,
        active=True,
    )

    assert all(NOON < due < appointment.starts_at for _, due in appointment.reminders(NOON))


def test_a_reminder_helps_until_the_next_one_or_the_start():
    appointment = Appointment(id=uuid4(), person=uuid4(), starts_at=NOON, sequence=1, active=True)
    soon = NOON - timedelta(hours=2)

    assert appointment.reminds("appointment-tomorrow", soon - INSTANT)
    assert not appointment.reminds("appointment-tomorrow", soon)
    assert appointment.reminds("appointment-soon", NOON - INSTANT)
    assert not appointment.reminds("appointment-soon", NOON)
    appointment.active = False
    assert not appointment.reminds("appointment-soon", soon)
    assert list(appointment.reminders(NOON - timedelta(days=9))) == []


def test_reminders_ahead_are_a_day_and_two_hours_before():
    appointment = Appointment(id=uuid4(), person=uuid4(), starts_at=NOON, sequence=1, active=True)
    day, soon = NOON - timedelta(hours=24), NOON - timedelta(hours=2)

    assert list(appointment.reminders(day - INSTANT)) == [
        ("appointment-tomorrow", day),
        ("appointment-soon", soon),
    ]
    assert list(appointment.reminders(day)) == [("appointment-soon", soon)]
    assert list(appointment.reminders(soon)) == []
    assert (appointment.unit, appointment.correlation_id) == ("", "")
