"""Help requests on the wire."""

from marshmallow import EXCLUDE, Schema, fields, validate

from services.assessment.responses.schemas import SupportSchema


class HelpRequestSchema(Schema):
    """Everything is optional; what cannot be read is left out."""

    class Meta:
        """Nothing is refused."""

        unknown = EXCLUDE

    phone = fields.String(metadata={"description": "where to call back"})
    words = fields.String(metadata={"description": "anything the person wants to say"})


class HelpAnswerSchema(Schema):
    """Whom to call, and the case that the duty sees."""

    id = fields.UUID()
    case = fields.UUID()
    support = fields.Nested(SupportSchema)


class ReasonQuery(Schema):
    """Why the duty reads it; kept in the audit."""

    reason = fields.String(load_default="", validate=validate.Length(max=200))


class ReceivedSchema(Schema):
    """What a caller left."""

    id = fields.UUID()
    person = fields.UUID(allow_none=True)
    phone = fields.String()
    words = fields.String()
    received_at = fields.DateTime()
    last_at = fields.DateTime()
    repeats = fields.Integer()


class ReceivedPageSchema(Schema):
    """All of one case."""

    items = fields.List(fields.Nested(ReceivedSchema))
    next = fields.String(allow_none=True)
