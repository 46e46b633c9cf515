"""What the outside may send as a sheet of answers, and what it gets back."""

from marshmallow import Schema, fields, validate

from services.assessment.remarks.schemas import RemarkSchema
from services.chassis.fields import TrueOrFalse
from services.chassis.paging import PageSchema


class ConsentGivenSchema(Schema):
    """That the present wording was read and agreed to."""

    version = fields.String(required=True, validate=validate.Length(max=40))
    granted = TrueOrFalse(required=True)


class AnswerSheetSchema(Schema):
    """A whole sheet; null is an item the person skipped."""

    instrument = fields.String(required=True, validate=validate.Length(max=60))
    answers = fields.Dict(
        keys=fields.String(), values=fields.Raw(allow_none=True), required=True, allow_none=False
    )
    consent = fields.Nested(ConsentGivenSchema, load_default=None)
    campaign = fields.UUID(load_default=None)
    elapsed_seconds = fields.Integer(
        strict=True, load_default=None, validate=validate.Range(0, 86_400)
    )


class ResponsesQuery(PageSchema):
    """Which of one's own results."""

    instrument = fields.String(load_default=None, validate=validate.Length(max=60))


class SupportLineSchema(Schema):
    """A number to call."""

    code = fields.String()
    number = fields.String()
    title = fields.String()
    note = fields.String()


class SupportSchema(Schema):
    """The help card."""

    version = fields.String()
    title = fields.String()
    message = fields.String()
    lines = fields.List(fields.Nested(SupportLineSchema))
    places = fields.List(fields.Dict())
    call_me = fields.Dict()


class AnswerSchema(Schema):
    """What an answered sheet came to. `total` is absent where it is withheld."""

    id = fields.UUID()
    instrument = fields.String()
    version = fields.String()
    scores = fields.Dict(
        keys=fields.String(), values=fields.Raw(metadata={"type": ["number", "string"]})
    )
    band = fields.String(allow_none=True)
    risk = fields.String()
    case = fields.UUID()
    support = fields.Nested(SupportSchema)


class ResultSchema(AnswerSchema):
    """A result with its explanation in plain words."""

    title = fields.String()
    completed_at = fields.DateTime()
    band_label = fields.String(allow_none=True)
    meaning = fields.String(allow_none=True)
    care = fields.Dict()
    disclaimer = fields.String()
    prorated = fields.List(fields.String())
    remark = fields.Nested(RemarkSchema, allow_none=True)


class ResultPageSchema(Schema):
    """A page of results, newest first."""

    items = fields.List(fields.Nested(ResultSchema))
    next = fields.String(allow_none=True)
