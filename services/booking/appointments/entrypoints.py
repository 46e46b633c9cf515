"""Routes of appointments."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from services.booking.appointments import usecases
from services.booking.appointments.domain import (
    REFUSALS,
    Appointment,
    AppointmentAlreadyStarted,
    AppointmentNotCheckedIn,
    AppointmentNotFound,
    AppointmentNotStarted,
    OwnSlot,
    RoomAlreadyTaken,
    SameSlot,
    WorkerAlreadyBooked,
)
from services.booking.appointments.queries import shown
from services.booking.appointments.schemas import (
    AppointmentListSchema,
    AppointmentQuerySchema,
    AppointmentSchema,
    BookAppointmentSchema,
    RescheduleAppointmentSchema,
)
from services.booking.appointments.usecases.read_appointments import (
    read_appointment,
    read_appointments,
)
from services.booking.availability.slots import (
    CounsellorNotAvailable,
    DailyLoadReached,
    ModeNotOffered,
    SlotAlreadyStarted,
    SlotAlreadyTaken,
    SlotNotFound,
    SlotWithdrawn,
)
from services.booking.metrics import APPOINTMENT_MOVES
from services.booking.offers.domain import CLOSED, OfferNotFound
from services.booking.wiring import BookingUnitOfWork, BookingUnitOfWorkProvider
from services.chassis.access import Role
from services.chassis.clock import Clock
from services.chassis.container import ClockProvider
from services.chassis.http import Request, http

APPOINTMENTS = "/api/booking/v1/appointments"
APPOINTMENT = f"{APPOINTMENTS}/<uuid:appointment_id>"

SLOT_REFUSALS = (
    SlotNotFound,
    SlotAlreadyTaken,
    SlotAlreadyStarted,
    SlotWithdrawn,
    CounsellorNotAvailable,
    DailyLoadReached,
    WorkerAlreadyBooked,
    RoomAlreadyTaken,
    OwnSlot,
    ModeNotOffered,
)
MOVES = (AppointmentNotFound, *REFUSALS.values())
Attend = Callable[..., Appointment]


class AppointmentEntrypoints:
    """Sessions agreed between a person and a counsellor."""

    uow: BookingUnitOfWork = BookingUnitOfWorkProvider()
    clock: Clock = ClockProvider()

    @http(
        "POST",
        APPOINTMENTS,
        action="appointment.book",
        body=BookAppointmentSchema,
        answer=AppointmentSchema,
        status=201,
        errors=(*SLOT_REFUSALS, OfferNotFound, *CLOSED.values()),
        summary="Book a slot",
    )
    def book(self, request: Request) -> dict[str, Any]:
        """An open offer is accepted with it."""
        principal = request.principal
        command = usecases.BookAppointment(
            appointment=uuid4(), person=principal.person, unit=principal.unit, **request.data
        )
        return _counted("book", usecases.book_appointment(command, uow=self.uow, clock=self.clock))

    @http(
        "GET",
        APPOINTMENTS,
        action="appointment.read",
        query=AppointmentQuerySchema,
        answer=AppointmentListSchema,
        summary="Appointments one comes to, or gives",
    )
    def list_appointments(self, request: Request) -> dict[str, Any]:
        """Earliest first."""
        reader, in_care = request.principal.person, _in_care(request)
        return read_appointments(reader, request.query, in_care=in_care, uow=self.uow)

    @http(
        "GET",
        APPOINTMENT,
        action="appointment.read",
        answer=AppointmentSchema,
        errors=(AppointmentNotFound,),
        summary="An appointment one comes to, or gives",
    )
    def show_appointment(self, request: Request, appointment_id: UUID) -> dict[str, Any]:
        """Anybody else's is not found."""
        reader, in_care = request.principal.person, _in_care(request)
        return read_appointment(reader, appointment_id, in_care=in_care, uow=self.uow)

    @http(
        "DELETE",
        APPOINTMENT,
        action="appointment.change",
        status=204,
        errors=(*MOVES, AppointmentAlreadyStarted),
        summary="Cancel",
    )
    def cancel(self, request: Request, appointment_id: UUID) -> None:
        """Either side may, until it starts."""
        command = usecases.CancelAppointment(
            appointment=appointment_id, by=request.principal.person, in_care=_in_care(request)
        )
        _counted("cancel", usecases.cancel_appointment(command, uow=self.uow, clock=self.clock))

    @http(
        "POST",
        f"{APPOINTMENT}/reschedule",
        action="appointment.change",
        body=RescheduleAppointmentSchema,
        answer=AppointmentSchema,
        errors=(*MOVES, AppointmentAlreadyStarted, SameSlot, *SLOT_REFUSALS),
        summary="Move to another slot",
    )
    def reschedule(self, request: Request, appointment_id: UUID) -> dict[str, Any]:
        """Either side may, until it starts."""
        command = usecases.RescheduleAppointment(
            appointment=appointment_id,
            by=request.principal.person,
            in_care=_in_care(request),
            **request.data,
        )
        moved = usecases.reschedule_appointment(command, uow=self.uow, clock=self.clock)
        return _counted("reschedule", moved)

    @http(
        "POST",
        f"{APPOINTMENT}/check-in",
        action="appointment.change",
        answer=AppointmentSchema,
        errors=MOVES,
        summary="The person has come",
    )
    def check_in(self, request: Request, appointment_id: UUID) -> dict[str, Any]:
        """Either side may say so."""
        return self._attend(usecases.check_in, request, appointment_id)

    @http(
        "POST",
        f"{APPOINTMENT}/complete",
        action="appointment.close",
        answer=AppointmentSchema,
        errors=(*MOVES, AppointmentNotCheckedIn),
        summary="The session took place",
    )
    def complete(self, request: Request, appointment_id: UUID) -> dict[str, Any]:
        """The counsellor says so."""
        return self._attend(usecases.complete, request, appointment_id)

    @http(
        "POST",
        f"{APPOINTMENT}/no-show",
        action="appointment.close",
        answer=AppointmentSchema,
        errors=(*MOVES, AppointmentNotStarted),
        summary="The person did not come",
    )
    def mark_no_show(self, request: Request, appointment_id: UUID) -> dict[str, Any]:
        """The counsellor says so."""
        return self._attend(usecases.mark_no_show, request, appointment_id)

    def _attend(self, move: Attend, request: Request, appointment: UUID) -> dict[str, Any]:
        command = usecases.AttendAppointment(
            appointment=appointment, by=request.principal.person, in_care=_in_care(request)
        )
        attended = move(command, uow=self.uow, clock=self.clock)
        return _counted(attended.state.value, attended)


def _in_care(request: Request) -> bool:
    """Only a counsellor has appointments they give."""
    return Role.COUNSELLOR in request.principal.roles


def _counted(move: str, appointment: Appointment) -> dict[str, Any]:
    APPOINTMENT_MOVES.labels(move).inc()
    return shown(appointment)
