"""A loop as operations see it."""

from marshmallow import Schema, fields

from services.reporting.moments import Moment


class StepSchema(Schema):
    """One step; `caused_by` is the event or request before it. The last one is no event."""

    event = fields.UUID(allow_none=True)
    type = fields.String()
    service = fields.String()
    at = Moment()
    recorded_at = Moment()
    caused_by = fields.String(allow_none=True)


class LoopSchema(Schema):
    """All of them, in the order they happened; `next` is always null."""

    correlation_id = fields.String()
    services = fields.List(fields.String())
    items = fields.List(fields.Nested(StepSchema))
    next = fields.String(allow_none=True)
