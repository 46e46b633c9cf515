"""Sittings on the wire."""

from marshmallow import Schema, fields, validate

from services.assessment.responses.schemas import ConsentGivenSchema, SupportSchema


class StartSittingSchema(Schema):
    """Which scale to begin."""

    instrument = fields.String(required=True, validate=validate.Length(max=60))
    consent = fields.Nested(ConsentGivenSchema, load_default=None)
    campaign = fields.UUID(load_default=None)


class SaveAnswersSchema(Schema):
    """Some answers; null is an item the person skipped."""

    answers = fields.Dict(
        keys=fields.String(), values=fields.Raw(allow_none=True), required=True, allow_none=False
    )


class SubmitSittingSchema(Schema):
    """Handing in."""

    elapsed_seconds = fields.Integer(
        strict=True, load_default=None, validate=validate.Range(0, 86_400)
    )


class SittingSchema(Schema):
    """A sheet so far. `risk` is `crisis` or, while it is unfinished, `unknown`."""

    id = fields.UUID()
    instrument = fields.String()
    version = fields.String()
    state = fields.String()
    answers = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True))
    remaining = fields.List(fields.String())
    risk = fields.String()
    case = fields.UUID()
    response = fields.UUID()
    support = fields.Nested(SupportSchema)
