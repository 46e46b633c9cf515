"""What a refusal looks like on a route that never answers without help."""

from marshmallow import fields

from services.assessment.responses.schemas import SupportSchema
from services.chassis.openapi import ProblemSchema


class SupportedProblemSchema(ProblemSchema):
    """With the help card, and the case that was opened all the same."""

    support = fields.Nested(SupportSchema, required=True)
    case = fields.UUID()
