"""What is asked for indicators, and what is answered."""

from marshmallow import Schema, fields, validate

UNIT = validate.Regexp(r"^[a-z0-9-]+(/[a-z0-9-]+)*\Z", error="expected a unit's path such as wh/hc")
YEAR = validate.Range(2000, 2100)


class UnitYearSchema(Schema):
    """Which unit (by default one's own) and year (by default this one)."""

    unit = fields.String(load_default=None, validate=UNIT)
    year = fields.Integer(load_default=None, validate=YEAR)


class IndicatorQuerySchema(UnitYearSchema):
    """And which month; without one, the year so far."""

    month = fields.Integer(load_default=None, validate=validate.Range(1, 12))


class IndicatorSchema(Schema):
    """One number. `value` is null where it is suppressed, pending or uncounted (`state`).

    `target` is the period's; `expected` the share (0 to 1) of the period that has gone; `pace`
    compares value and target × expected: `ahead`, `on-track`, `behind`, `at-risk`.
    """

    code = fields.String()
    title = fields.String()
    value = fields.Float(allow_none=True)
    suppressed = fields.Boolean()
    state = fields.String()
    target = fields.Float(allow_none=True)
    expected = fields.Float(allow_none=True)
    pace = fields.String(allow_none=True)


class IndicatorsSchema(Schema):
    """All of them; `next` is always null."""

    items = fields.List(fields.Nested(IndicatorSchema))
    next = fields.String(allow_none=True)


class MonthSchema(Schema):
    """One month of one indicator."""

    month = fields.String()
    value = fields.Float(allow_none=True)
    suppressed = fields.Boolean()
    state = fields.String()


class MonthsSchema(Schema):
    """The months of a year so far; `next` is always null."""

    items = fields.List(fields.Nested(MonthSchema))
    next = fields.String(allow_none=True)
