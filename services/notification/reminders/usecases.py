"""Appointments change, and the person is told; reminders follow the newest change."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.contracts.envelope import wire_time
from services.notification.delivery.domain import Claim
from services.notification.messages.domain import About
from services.notification.messages.usecases.write_message import write_message
from services.notification.ports import NotificationWork
from services.notification.reminders.domain import REMINDERS, Appointment

TIMER = "reminder"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAppointment:
    """What one event said; `kind` is the message it is told with."""

    appointment: UUID
    person: UUID
    starts_at: datetime
    sequence: int
    kind: str
    active: bool
    unit: str = ""


def note_appointment(command: NoteAppointment, *, uow: NotificationWork) -> list[Claim]:
    """Tell the person and set, move or remove reminders; events overtaken by newer ones are not
    told, so that nobody reads of a booking after its cancellation.
    """
    with uow:
        known = uow.appointments.get(command.appointment)
        if known is not None and known.sequence >= command.sequence:
            uow.commit()
            return []
        appointment = _appointment(command, uow.correlation_id)
        uow.appointments.save(appointment)
        _set_reminders(appointment, uow)
        claims = _tell(appointment, command.kind, uow)
        uow.commit()
    return claims


def remind(appointment_id: UUID, kind: str, *, uow: NotificationWork) -> list[Claim]:
    """A reminder is due; it is sent only while it helps."""
    claims: list[Claim] = []
    with uow:
        appointment = uow.appointments.get(appointment_id)
        if appointment is not None and appointment.reminds(kind, uow.now()):
            uow.follow(appointment.correlation_id)
            claims = _tell(appointment, kind, uow)
        uow.commit()
    return claims


def timer_key(appointment: UUID, kind: str) -> str:
    """One timer for each appointment and kind of reminder."""
    return f"{appointment}/{kind}"


def _appointment(command: NoteAppointment, correlation_id: str) -> Appointment:
    return Appointment(
        id=command.appointment,
        person=command.person,
        starts_at=command.starts_at,
        sequence=command.sequence,
        active=command.active,
        unit=command.unit,
        correlation_id=correlation_id,
    )


def _set_reminders(appointment: Appointment, uow: NotificationWork) -> None:
    ahead = dict(appointment.reminders(uow.now()))
    for kind, _ in REMINDERS:
        key = timer_key(appointment.id, kind)
        if kind in ahead:
            payload = {"appointment": str(appointment.id), "reminder": kind}
            uow.timers.set(TIMER, key, ahead[kind], payload)
        else:
            uow.timers.cancel(TIMER, key)


def _tell(appointment: Appointment, kind: str, uow: NotificationWork) -> list[Claim]:
    if appointment.starts_at <= uow.now():
        return []
    claimed = write_message(
        appointment.person,
        kind,
        {"when": wire_time(appointment.starts_at)},
        about=About(appointment=appointment.id),
        unit=appointment.unit,
        useful_until=appointment.starts_at,
        uow=uow,
    )
    return [claimed]
