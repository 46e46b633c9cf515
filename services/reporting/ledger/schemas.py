"""What a rebuild looks like from outside."""

from marshmallow import Schema, fields


class RebuildSchema(Schema):
    """A rebuild and how far it is."""

    id = fields.UUID()
    asked_at = fields.AwareDateTime(format="iso")
    finished_at = fields.AwareDateTime(format="iso", allow_none=True)
    done = fields.Integer()
    total = fields.Integer()
