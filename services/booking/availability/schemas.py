"""What the outside may send about availability and slots, and what it gets back."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.booking.availability.domain import ExceptionKind
from services.booking.schemas import Choice, Moment, MomentOrDay, mode_field, modes_field
from services.chassis.fields import OUR_DAYS
from services.chassis.paging import PageSchema


class WeeklyHoursSchema(Schema):
    """Hours of one weekday (1 is Monday), in the city's wall time."""

    id = fields.UUID(dump_only=True)
    weekday = fields.Integer(required=True, validate=validate.Range(1, 7), strict=True)
    starts = fields.Time("%H:%M", required=True)
    ends = fields.Time("%H:%M", required=True)
    site = fields.UUID(required=True)
    room = fields.UUID(load_default=None, allow_none=True)
    modes = modes_field(required=True)
    valid_from = fields.Date(load_default=None, allow_none=True, validate=OUR_DAYS)
    valid_until = fields.Date(load_default=None, allow_none=True, validate=OUR_DAYS)


class WeekSchema(Schema):
    """All hours of a counsellor's week."""

    items = fields.List(
        fields.Nested(WeeklyHoursSchema), required=True, validate=validate.Length(max=60)
    )


class ExceptionSchema(Schema):
    """Days that differ from the week; without hours, the whole day."""

    id = fields.UUID(dump_only=True)
    kind = Choice(ExceptionKind, required=True)
    first_day = fields.Date(required=True, validate=OUR_DAYS)
    last_day = fields.Date(required=True, validate=OUR_DAYS)
    starts = fields.Time("%H:%M", load_default=None, allow_none=True)
    ends = fields.Time("%H:%M", load_default=None, allow_none=True)
    site = fields.UUID(load_default=None, allow_none=True)
    room = fields.UUID(load_default=None, allow_none=True)
    modes = fields.List(mode_field(), load_default=list)


class ExceptionListSchema(Schema):
    """A counsellor's exceptions from today on."""

    items = fields.List(fields.Nested(ExceptionSchema))
    next = fields.String(allow_none=True)


class SlotQuerySchema(PageSchema):
    """Which slots to list; by default those of the next 14 days."""

    since = MomentOrDay(data_key="from", load_default=None)
    until = MomentOrDay(data_key="to", load_default=None)
    site = fields.UUID(load_default=None)
    counsellor = fields.UUID(load_default=None)
    offer = fields.UUID(load_default=None)
    mode = mode_field(load_default=None)

    @validates_schema
    def _window(self, data: dict[str, object], **_options: object) -> None:
        since, until = data.get("since"), data.get("until")
        if since and until and until <= since:  # type: ignore[operator]  # both are moments
            raise ValidationError("expected a moment after `from`", "to")


class SlotSchema(Schema):
    """An open slot; `mode` is the one asked for, or the first of `modes`."""

    id = fields.UUID()
    starts_at = Moment()
    ends_at = Moment()
    site = fields.UUID()
    counsellor = fields.UUID()
    mode = mode_field()
    modes = fields.List(mode_field())


class SlotListSchema(Schema):
    """A page of slots, earliest first."""

    items = fields.List(fields.Nested(SlotSchema))
    next = fields.String(allow_none=True)
