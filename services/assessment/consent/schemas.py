"""Consent on the wire."""

from marshmallow import Schema, fields, validate

from services.chassis.fields import TrueOrFalse


class GrantSchema(Schema):
    """Agreement to one purpose, in the wording that was read."""

    purpose = fields.String(required=True, validate=validate.Length(max=60))
    version = fields.String(required=True, validate=validate.Length(max=40))
    granted = TrueOrFalse(load_default=True)


class ConsentSchema(Schema):
    """A purpose, its present wording, and what the person said to it."""

    purpose = fields.String()
    title = fields.String()
    text = fields.String()
    version = fields.String()
    required = fields.Boolean()
    state = fields.String(metadata={"description": "none, granted or withdrawn"})
    agreed_version = fields.String(allow_none=True)
    granted_at = fields.DateTime(allow_none=True)
    withdrawn_at = fields.DateTime(allow_none=True)


class ConsentPageSchema(Schema):
    """Every purpose there is."""

    items = fields.List(fields.Nested(ConsentSchema))
    next = fields.String(allow_none=True)
