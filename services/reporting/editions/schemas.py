"""What closing a month takes, and how editions are listed."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.reporting.calendar import Month
from services.reporting.moments import Moment

MONTH = validate.Regexp(r"^20[0-9]{2}-(0[1-9]|1[0-2])\Z", error="expected a month such as 2026-10")


class CloseMonthSchema(Schema):
    """The month to close."""

    month = fields.String(required=True, validate=MONTH)

    @post_load
    def as_month(self, data: dict[str, Any], **_options: Any) -> Month:
        """The month itself."""
        year, number = data["month"].split("-")
        return Month(int(year), int(number))


class EditionSchema(Schema):
    """A closed month. `digest` covers every number and the digest before; `released`: how many
    numbers were told to the world."""

    id = fields.UUID()
    month = fields.String()
    closed_at = Moment()
    minimum = fields.Integer()
    previous = fields.String()
    digest = fields.String()
    released = fields.Integer()


class EditionsSchema(Schema):
    """A page of editions."""

    items = fields.List(fields.Nested(EditionSchema))
    next = fields.String(allow_none=True)
