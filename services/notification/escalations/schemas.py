"""What the duty's route gives."""

from marshmallow import Schema, fields


class OpenPageSchema(Schema):
    """A case the officer is being paged for."""

    case = fields.UUID()
    escalation = fields.UUID()
    kind = fields.String()
    drill = fields.Boolean()
    paged_at = fields.AwareDateTime(format="iso")
    last_paged_at = fields.AwareDateTime(format="iso")
    pages = fields.Integer()
    round = fields.Integer()


class OpenPagesSchema(Schema):
    """All of them; there is never a second page of pages."""

    items = fields.List(fields.Nested(OpenPageSchema))
    next = fields.String(allow_none=True)
