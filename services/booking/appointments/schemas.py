"""What the outside may send about appointments, and what it gets back."""

from marshmallow import Schema, fields

from services.booking.appointments.domain import AppointmentState
from services.booking.schemas import Choice, Moment, MomentOrDay, mode_field
from services.chassis.paging import PageSchema


class BookAppointmentSchema(Schema):
    """The slot one wants; an open offer is accepted with it, named or not."""

    slot = fields.UUID(required=True)
    mode = mode_field(required=True)
    offer = fields.UUID(load_default=None, allow_none=True)


class RescheduleAppointmentSchema(Schema):
    """The slot to move to; without a mode it stays as it was."""

    slot = fields.UUID(required=True)
    mode = mode_field(load_default=None, allow_none=True)


class AppointmentQuerySchema(PageSchema):
    """Which appointments to list."""

    since = MomentOrDay(data_key="from", load_default=None)
    until = MomentOrDay(data_key="to", load_default=None)
    state = Choice(AppointmentState, load_default=None)


class AppointmentSchema(Schema):
    """An appointment, as its two sides see it."""

    id = fields.UUID()
    state = Choice(AppointmentState)
    person = fields.UUID()
    counsellor = fields.UUID()
    site = fields.UUID()
    room = fields.UUID()
    slot = fields.UUID()
    mode = mode_field()
    starts_at = Moment()
    ends_at = Moment()
    booked_at = Moment()
    changed_at = Moment()
    offer = fields.UUID()


class AppointmentListSchema(Schema):
    """A page of appointments, earliest first."""

    items = fields.List(fields.Nested(AppointmentSchema))
    next = fields.String(allow_none=True)
