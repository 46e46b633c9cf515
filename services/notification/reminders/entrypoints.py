"""Appointment events and due reminders."""

from uuid import UUID

from services.chassis.subscribe import subscribe
from services.chassis.timers import DueTimer, on_due
from services.contracts.booking import (
    AppointmentBookedV1,
    AppointmentCancelledV1,
    AppointmentRescheduledV1,
)
from services.contracts.envelope import Envelope
from services.notification.delivery.tray import Tray
from services.notification.reminders.usecases import (
    TIMER,
    NoteAppointment,
    note_appointment,
    remind,
)
from services.notification.wiring import (
    NotificationUnitOfWork,
    NotificationUnitOfWorkProvider,
    TrayProvider,
)

KINDS = {
    AppointmentBookedV1: "appointment-booked",
    AppointmentRescheduledV1: "appointment-moved",
    AppointmentCancelledV1: "appointment-cancelled",
}


class ReminderEntrypoints:
    """Telling people of their appointments."""

    uow: NotificationUnitOfWork = NotificationUnitOfWorkProvider()
    tray: Tray = TrayProvider()

    @subscribe("notification.appointment-changes")
    def on_appointment_change(self, event: Envelope) -> None:
        """An appointment was booked, moved or cancelled."""
        match event.data:
            case (
                AppointmentBookedV1() | AppointmentRescheduledV1() | AppointmentCancelledV1() as of
            ):
                command = NoteAppointment(
                    appointment=of.appointment,
                    person=of.person,
                    starts_at=of.starts_at,
                    sequence=event.sequence,
                    kind=KINDS[type(of)],
                    active=not isinstance(of, AppointmentCancelledV1),
                    unit=event.unit,
                )
                self.tray.put(note_appointment(command, uow=self.uow))

    @on_due(TIMER)
    def on_reminder(self, timer: DueTimer) -> None:
        """A reminder is due."""
        appointment, kind = UUID(timer.payload["appointment"]), timer.payload["reminder"]
        self.tray.put(remind(appointment, kind, uow=self.uow))
