"""Questions on the wire, as administrators write and read them."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.assessment.quizzes.bank.domain import FEWEST_CHOICES, MOST_CHOICES, Words
from services.assessment.quizzes.schemas import line_field, unit_field
from services.chassis.fields import TrueOrFalse
from services.chassis.paging import PageSchema

MOST_WORDS = 1000


class WordsSchema(Schema):
    """Chinese and, where there is one, the English wording."""

    zh = fields.String(required=True, validate=validate.Length(1, MOST_WORDS))
    en = fields.String(load_default="", validate=validate.Length(max=MOST_WORDS))

    @post_load
    def _words(self, data: dict[str, Any], **_more: Any) -> Words:
        return Words(**data)


class ExplanationSchema(WordsSchema):
    """Why the right answers are right; may be empty."""

    zh = fields.String(load_default="", validate=validate.Length(max=MOST_WORDS))


class WriteQuestionSchema(Schema):
    """A new question; without a unit, for the bank of the writer's own."""

    unit = unit_field(load_default=None)
    topic = line_field(60, required=True)
    text = fields.Nested(WordsSchema, required=True)
    choices = fields.List(
        fields.Nested(WordsSchema),
        required=True,
        validate=validate.Length(FEWEST_CHOICES, MOST_CHOICES),
    )
    right = fields.List(
        fields.Integer(strict=True, validate=validate.Range(1, MOST_CHOICES)),
        required=True,
        validate=validate.Length(1, MOST_CHOICES),
        metadata={"description": "numbers of the right choices, from 1 on"},
    )
    explanation = fields.Nested(ExplanationSchema, load_default=lambda: Words(zh=""))


class ChangeQuestionSchema(Schema):
    """What of a question can change; once it is asked, `active` only."""

    topic = line_field(60)
    text = fields.Nested(WordsSchema)
    choices = fields.List(
        fields.Nested(WordsSchema), validate=validate.Length(FEWEST_CHOICES, MOST_CHOICES)
    )
    right = fields.List(
        fields.Integer(strict=True, validate=validate.Range(1, MOST_CHOICES)),
        validate=validate.Length(1, MOST_CHOICES),
    )
    explanation = fields.Nested(ExplanationSchema)
    active = TrueOrFalse()


class QuestionQuery(PageSchema):
    """Which questions to list."""

    unit = unit_field(load_default=None)
    topic = fields.String(load_default=None, validate=validate.Length(max=60))


class QuestionSchema(Schema):
    """A question with its right answers; `asked`: a round that was opened holds it."""

    id = fields.UUID()
    unit = fields.String()
    topic = fields.String()
    text = fields.Nested(WordsSchema)
    choices = fields.List(fields.Nested(WordsSchema))
    right = fields.List(fields.Integer())
    explanation = fields.Nested(ExplanationSchema)
    active = fields.Boolean()
    asked = fields.Boolean()


class QuestionPageSchema(Schema):
    """A page of questions, newest first."""

    items = fields.List(fields.Nested(QuestionSchema))
    next = fields.String(allow_none=True)
