"""What the outside may send about rosters, and what it gets back."""

from datetime import timedelta
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.booking.schemas import UNIT_PATH, Moment, MomentOrDay
from services.chassis.fields import OUR_TIMES
from services.chassis.paging import PageSchema

MAX_TIER = 6
MAX_DAYS = 92
LONGEST_STRETCH = timedelta(days=400)


class PlanShiftsSchema(Schema):
    """A shift, on one day or on several in a row; without a unit, for the planner's own."""

    officer = fields.UUID(required=True)
    tier = fields.Integer(required=True, strict=True, validate=validate.Range(1, MAX_TIER))
    unit = fields.String(load_default=None, validate=UNIT_PATH)
    starts_at = fields.AwareDateTime(required=True, validate=OUR_TIMES)
    ends_at = fields.AwareDateTime(required=True, validate=OUR_TIMES)
    days = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, MAX_DAYS))


class HandOverShiftSchema(Schema):
    """Who takes the shift over."""

    officer = fields.UUID(required=True)


class CoverageQuerySchema(Schema):
    """The stretch that is asked for; by default from now on."""

    starts_at = MomentOrDay(load_default=None, data_key="from")
    ends_at = MomentOrDay(load_default=None, data_key="to")

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_more: Any) -> None:
        starts_at, ends_at = data.get("starts_at"), data.get("ends_at")
        if starts_at and ends_at and not timedelta() < ends_at - starts_at <= LONGEST_STRETCH:
            raise ValidationError("expected a moment after `from`, at most 400 days later", "to")


class ShiftQuerySchema(CoverageQuerySchema, PageSchema):
    """Which shifts to list."""

    tier = fields.Integer(load_default=None, validate=validate.Range(1, MAX_TIER))
    officer = fields.UUID(load_default=None)


class ShiftSchema(Schema):
    """One officer on one tier; tier 1 is paged first."""

    id = fields.UUID()
    officer = fields.UUID()
    tier = fields.Integer()
    unit = fields.String()
    starts_at = Moment()
    ends_at = Moment()


class ShiftListSchema(Schema):
    """A page of the roster, earliest first."""

    items = fields.List(fields.Nested(ShiftSchema))
    next = fields.String(allow_none=True)


class HoursSchema(Schema):
    """Hours that nobody covers on a tier."""

    tier = fields.Integer()
    starts_at = Moment()
    ends_at = Moment()


class CoverageSchema(Schema):
    """Whether every hour of the stretch is covered on the tiers the policy asks for."""

    starts_at = Moment(data_key="from")
    ends_at = Moment(data_key="to")
    tiers = fields.List(fields.Integer())
    covered = fields.Boolean()
    gaps = fields.List(fields.Nested(HoursSchema))
