"""Remarks on the wire."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.chassis.fields import TrueOrFalse

LONGEST = 1_000


class WriteRemarkSchema(Schema):
    """Whether the result fits, in the person's own view; something to add; or both."""

    agrees = TrueOrFalse(load_default=None, allow_none=True)
    text = fields.String(load_default="", validate=validate.Length(max=LONGEST))

    @validates_schema
    def _something(self, data: dict[str, object], **_options: object) -> None:
        if data.get("agrees") is None and not str(data.get("text") or "").strip():
            raise ValidationError("expected a word, or whether you agree", "text")


class RemarkSchema(Schema):
    """What the person said, and when."""

    agrees = fields.Boolean(allow_none=True)
    text = fields.String()
    written_at = fields.DateTime()
