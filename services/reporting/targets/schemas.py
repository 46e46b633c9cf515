"""Targets from and to the outside."""

from marshmallow import Schema, fields, validate

from services.reporting.indicators.schemas import UNIT, YEAR

CODE = validate.Regexp(r"^[a-z0-9_-]{3,80}\Z", error="expected an indicator's code")


class TargetYearSchema(Schema):
    """Whose year."""

    unit = fields.String(required=True, validate=UNIT)
    year = fields.Integer(required=True, validate=YEAR)


class SetTargetSchema(TargetYearSchema):
    """One target; null takes it away."""

    code = fields.String(required=True, validate=CODE)
    value = fields.Float(required=True, allow_none=True, validate=validate.Range(min=0))


class TargetSchema(Schema):
    """One target."""

    unit = fields.String()
    year = fields.Integer()
    code = fields.String()
    title = fields.String()
    value = fields.Float()


class TargetsSchema(Schema):
    """All of a unit's year; `next` is always null."""

    items = fields.List(fields.Nested(TargetSchema))
    next = fields.String(allow_none=True)
