"""What can be done with appointments."""

from services.booking.appointments.usecases.attend_appointment import (
    AttendAppointment,
    check_in,
    complete,
    mark_no_show,
)
from services.booking.appointments.usecases.book_appointment import (
    BookAppointment,
    book_appointment,
)
from services.booking.appointments.usecases.cancel_appointment import (
    CancelAppointment,
    cancel_appointment,
)
from services.booking.appointments.usecases.reschedule_appointment import (
    RescheduleAppointment,
    reschedule_appointment,
)

__all__ = [
    "AttendAppointment",
    "BookAppointment",
    "CancelAppointment",
    "RescheduleAppointment",
    "book_appointment",
    "cancel_appointment",
    "check_in",
    "complete",
    "mark_no_show",
    "reschedule_appointment",
]
