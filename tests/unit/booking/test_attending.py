"""What may become of an appointment at its hour."""

import pytest

from services.booking.appointments.domain import (
    AppointmentAlreadyCancelled,
    AppointmentAlreadyCheckedIn,
    AppointmentAlreadyCompleted,
    AppointmentNotCheckedIn,
    AppointmentNotStarted,
    AppointmentState,
    AppointmentWasNoShow,
)
from services.chassis.clock import FixedClock
from tests.unit.booking.builders import HOUR, NINE, NOW, an_appointment

REFUSALS = {
    AppointmentState.CHECKED_IN: AppointmentAlreadyCheckedIn,
    AppointmentState.COMPLETED: AppointmentAlreadyCompleted,
    AppointmentState.NO_SHOW: AppointmentWasNoShow,
    AppointmentState.CANCELLED: AppointmentAlreadyCancelled,
}
MOVES = ("cancel", "check_in", "complete", "mark_no_show")
WRONG_MOVES = [
    (state, move)
    for state in REFUSALS
    for move in MOVES
    if (state, move) != (AppointmentState.CHECKED_IN, "complete")
]


@pytest.fixture
def clock():
    return FixedClock(NOW)


def test_check_in_then_completion(clock):
    appointment = an_appointment()

    appointment.check_in(NOW)
    appointment.complete(NINE + HOUR)

    assert appointment.state is AppointmentState.COMPLETED
    assert appointment.changed_at == NINE + HOUR


def test_completion_without_check_in_needs_the_session_to_have_begun():
    appointment = an_appointment()

    with pytest.raises(AppointmentNotCheckedIn):
        appointment.complete(NOW)
    appointment.complete(NINE)

    assert appointment.state is AppointmentState.COMPLETED


def test_nobody_is_missed_before_the_session_starts():
    appointment = an_appointment()

    with pytest.raises(AppointmentNotStarted):
        appointment.mark_no_show(NOW)
    appointment.mark_no_show(NINE)

    assert appointment.state is AppointmentState.NO_SHOW


@pytest.mark.parametrize(("state", "name"), WRONG_MOVES)
def test_a_wrong_move_says_where_the_appointment_stands(state, name):
    appointment = an_appointment(state=state)

    with pytest.raises(REFUSALS[state]):
        getattr(appointment, name)(NINE)
