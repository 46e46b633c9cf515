"""Units on the wire."""

from marshmallow import Schema, fields, validate

from services.accounts.units.domain import SEGMENT, UnitKind, UnitStatus
from services.chassis.paging import PageSchema

PATH = validate.Regexp(rf"^{SEGMENT.pattern}(/{SEGMENT.pattern})*\Z", error="a path like wh/hc/e1")
KINDS = validate.OneOf([kind.value for kind in UnitKind])


class UnitSchema(Schema):
    """A node of the tree."""

    path = fields.String()
    parent = fields.String(allow_none=True)
    name = fields.String()
    level = fields.String()
    kind = fields.String()
    status = fields.String()


class UnitPageSchema(Schema):
    """Some nodes of the tree."""

    items = fields.List(fields.Nested(UnitSchema))
    next = fields.String(allow_none=True)


class UnitQuerySchema(PageSchema):
    """Children of a unit, or everything under it."""

    parent = fields.String(load_default=None, validate=PATH)
    under = fields.String(load_default=None, validate=PATH)


class NewUnitSchema(Schema):
    """A unit to add below another; `segment` is the last part of its path."""

    parent = fields.String(required=True, validate=PATH)
    segment = fields.String(required=True, validate=validate.Length(max=64))
    name = fields.String(required=True, validate=validate.Length(max=200))
    level = fields.String(required=True, validate=validate.Length(max=64))
    kind = fields.String(required=True, validate=KINDS)


class UnitChangeSchema(Schema):
    """What is to be another."""

    name = fields.String(validate=validate.Length(min=1, max=200))
    kind = fields.String(validate=KINDS)
    status = fields.String(validate=validate.OneOf([status.value for status in UnitStatus]))
