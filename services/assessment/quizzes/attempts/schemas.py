"""Attempts on the wire."""

from datetime import UTC

from marshmallow import Schema, fields, validate

from services.assessment.quizzes.bank.domain import MOST_CHOICES
from services.assessment.quizzes.schemas import line_field

MOST_RANKED = 100


class StartAttemptSchema(Schema):
    """The name that others see in the ranking of this round; not one's own."""

    nickname = line_field(20, required=True)


class SubmitAttemptSchema(Schema):
    """The numbers of the choices, by the question's id; what is left out gives no point."""

    answers = fields.Dict(
        keys=fields.UUID(),
        values=fields.List(
            fields.Integer(strict=True, validate=validate.Range(1, MOST_CHOICES)),
            validate=validate.Length(max=MOST_CHOICES),
        ),
        required=True,
    )


class RankingQuery(Schema):
    """How many places to show."""

    limit = fields.Integer(load_default=20, validate=validate.Range(1, MOST_RANKED))


class ChoiceSchema(Schema):
    """A choice and its number."""

    number = fields.Integer()
    text = fields.String()


class AskedSchema(Schema):
    """A question; with the last four once the attempt was handed in."""

    id = fields.UUID()
    text = fields.String()
    several = fields.Boolean(metadata={"description": "more than one choice is right"})
    choices = fields.List(fields.Nested(ChoiceSchema))
    chosen = fields.List(fields.Integer())
    right = fields.List(fields.Integer())
    correct = fields.Boolean()
    explanation = fields.String()


class AttemptSchema(Schema):
    """One's own attempt; the last six once it was handed in."""

    round = fields.UUID()
    entry = fields.String()
    nickname = fields.String()
    state = fields.String(metadata={"description": "running, expired or submitted"})
    started_at = fields.AwareDateTime(default_timezone=UTC)
    deadline = fields.AwareDateTime(default_timezone=UTC)
    questions = fields.List(fields.Nested(AskedSchema))
    points = fields.Integer()
    out_of = fields.Integer()
    seconds = fields.Integer()
    place = fields.Integer()
    prize = fields.Integer(allow_none=True, metadata={"description": "the number of the prize"})
    claimed_at = fields.AwareDateTime(allow_none=True, default_timezone=UTC)


class PlaceSchema(Schema):
    """A place in the ranking; no nickname where somebody was forgotten."""

    place = fields.Integer()
    nickname = fields.String(allow_none=True)
    points = fields.Integer()
    seconds = fields.Integer()


class RankingSchema(Schema):
    """The first places, and one's own."""

    items = fields.List(fields.Nested(PlaceSchema))
    own = fields.Nested(PlaceSchema, allow_none=True)
    next = fields.String(allow_none=True)
