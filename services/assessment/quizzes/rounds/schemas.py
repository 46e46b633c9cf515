"""Rounds on the wire."""

from datetime import UTC
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.assessment.quizzes.rounds.domain import RoundState
from services.assessment.quizzes.rounds.draw import Prize
from services.assessment.quizzes.schemas import line_field, unit_field
from services.chassis.fields import OUR_TIMES

MOST_QUESTIONS = 100
MOST_PRIZES = 20


def _number(least: int, most: int, **options: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(least, most), **options)


class PrizeWishSchema(Schema):
    """So many of a thing, for at least these points."""

    title = line_field(80, required=True)
    count = _number(1, 1000, required=True)
    least_points = _number(0, MOST_QUESTIONS, load_default=0)

    @post_load
    def _prize(self, data: dict[str, Any], **_more: Any) -> Prize:
        return Prize(**data)


class ChangeRoundSchema(Schema):
    """What of a draft can change."""

    title = line_field(80)
    unit = unit_field()
    bank = unit_field()
    topic = line_field(60, allow_none=True)
    opens_at = fields.AwareDateTime(validate=OUR_TIMES)
    closes_at = fields.AwareDateTime(validate=OUR_TIMES)
    questions = _number(1, MOST_QUESTIONS)
    seconds = _number(10, 7200)
    prizes = fields.List(fields.Nested(PrizeWishSchema), validate=validate.Length(max=MOST_PRIZES))

    @post_load
    def _fixed(self, data: dict[str, Any], **_more: Any) -> dict[str, Any]:
        if "prizes" in data:
            data["prizes"] = tuple(data["prizes"])
        return data


class PlanRoundSchema(ChangeRoundSchema):
    """A new round: `unit` are the people it is for, `bank` whose questions it asks, `topic` which
    of them. Without a unit or a bank it is the planner's own.
    """

    title = line_field(80, required=True)
    unit = unit_field(load_default=None)
    bank = unit_field(load_default=None)
    topic = line_field(60, load_default=None, allow_none=True)
    opens_at = fields.AwareDateTime(required=True, validate=OUR_TIMES)
    closes_at = fields.AwareDateTime(required=True, validate=OUR_TIMES)
    questions = _number(1, MOST_QUESTIONS, required=True)
    seconds = _number(10, 7200, required=True)
    prizes = fields.List(
        fields.Nested(PrizeWishSchema),
        load_default=list,
        validate=validate.Length(max=MOST_PRIZES),
    )


class PrizeSchema(Schema):
    """A prize."""

    number = fields.Integer()
    title = fields.String()
    count = fields.Integer()
    least_points = fields.Integer()


class RoundSchema(Schema):
    """A round. `commitment` is the SHA-256 of the seed, which is told with the draw."""

    id = fields.UUID()
    title = fields.String()
    unit = fields.String()
    state = fields.Enum(RoundState, by_value=True)
    opens_at = fields.AwareDateTime(default_timezone=UTC)
    closes_at = fields.AwareDateTime(default_timezone=UTC)
    questions = fields.Integer()
    seconds = fields.Integer()
    prizes = fields.List(fields.Nested(PrizeSchema))
    commitment = fields.String(allow_none=True)
    seed = fields.String(allow_none=True)


class RoundPageSchema(Schema):
    """A page of rounds, the latest window first."""

    items = fields.List(fields.Nested(RoundSchema))
    next = fields.String(allow_none=True)


class AdministeredRoundSchema(RoundSchema):
    """A round with its bank, and how many took part, or fewer than how many."""

    bank = fields.String()
    topic = fields.String(allow_none=True)
    participants = fields.Integer(allow_none=True)
    participants_below = fields.Integer(allow_none=True)


class AdministeredRoundPageSchema(Schema):
    """A page of them."""

    items = fields.List(fields.Nested(AdministeredRoundSchema))
    next = fields.String(allow_none=True)


class EntrySchema(Schema):
    """What is drawn from."""

    entry = fields.String()
    qualifies_for = fields.List(fields.Integer(), metadata={"description": "numbers of prizes"})


class EntryPageSchema(Schema):
    """A page of entries, in the order of their numbers."""

    items = fields.List(fields.Nested(EntrySchema))
    next = fields.String(allow_none=True)


class WinnerSchema(Schema):
    """An entry and the number of the prize it won."""

    entry = fields.String()
    prize = fields.Integer()


class WinnerPageSchema(Schema):
    """A page of winners, by prize."""

    items = fields.List(fields.Nested(WinnerSchema))
    next = fields.String(allow_none=True)


class ClaimSchema(WinnerSchema):
    """The same with when the prize was handed over."""

    claimed_at = fields.AwareDateTime(allow_none=True, default_timezone=UTC)


class ClaimPageSchema(Schema):
    """A page of them."""

    items = fields.List(fields.Nested(ClaimSchema))
    next = fields.String(allow_none=True)
