"""What a rebuild looks like from outside."""

from marshmallow import Schema, fields

from services.reporting.moments import Moment


class RebuildSchema(Schema):
    """A rebuild and how far it is."""

    id = fields.UUID()
    asked_at = Moment()
    finished_at = Moment(allow_none=True)
    done = fields.Integer()
    total = fields.Integer()
