"""What the outside may send about rosters, and what it gets back."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.chassis.paging import PageSchema

UNIT = r"^[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*$"
MAX_TIER = 6
MAX_DAYS = 92


class PlanShiftsSchema(Schema):
    """A shift, on one day or on several in a row."""

    officer = fields.UUID(required=True)
    tier = fields.Integer(required=True, validate=validate.Range(1, MAX_TIER))
    unit = fields.String(load_default=None, validate=validate.Regexp(UNIT))
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    days = fields.Integer(load_default=1, validate=validate.Range(1, MAX_DAYS))


class HandOverShiftSchema(Schema):
    """Who takes the shift over."""

    officer = fields.UUID(required=True)


class StretchSchema(PageSchema):
    """The days a roster is asked for; by default from now on."""

    starts_at = fields.AwareDateTime(load_default=None, data_key="from")
    ends_at = fields.AwareDateTime(load_default=None, data_key="to")
    tier = fields.Integer(load_default=None, validate=validate.Range(1, MAX_TIER))
    officer = fields.UUID(load_default=None)

    @validates_schema
    def _in_order(self, data: dict[str, object], **_: object) -> None:
        starts_at, ends_at = data.get("starts_at"), data.get("ends_at")
        if starts_at and ends_at and starts_at >= ends_at:  # type: ignore[operator]  # both moments
            raise ValidationError("expected a moment after `from`", "to")


class ShiftSchema(Schema):
    """One officer on one tier."""

    id = fields.UUID()
    officer = fields.UUID()
    tier = fields.Integer()
    unit = fields.String()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()


class ShiftListSchema(Schema):
    """A page of the roster."""

    items = fields.List(fields.Nested(ShiftSchema))
    next = fields.String(allow_none=True)


class HoursSchema(Schema):
    """Hours that nobody covers on a tier."""

    tier = fields.Integer()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()


class CoverageSchema(Schema):
    """Whether every hour of the stretch is covered on the tiers the policy asks for."""

    starts_at = fields.AwareDateTime(data_key="from")
    ends_at = fields.AwareDateTime(data_key="to")
    tiers = fields.List(fields.Integer())
    covered = fields.Boolean()
    items = fields.List(fields.Nested(HoursSchema))
