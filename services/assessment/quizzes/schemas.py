"""Fields that the rooms of quizzes share."""

from marshmallow import fields, validate

UNIT_PATH = validate.Regexp(r"[a-z0-9-]+(/[a-z0-9-]+)*\Z", error="expected a path such as wh/hc")
ONE_LINE = validate.Regexp(r"\S(.*\S)?\Z", error="expected one line without surrounding space")


def unit_field(**options: object) -> fields.String:
    """The path of a unit."""
    return fields.String(validate=[validate.Length(1, 120), UNIT_PATH], **options)  # type: ignore[arg-type]  # passed on


def line_field(longest: int, **options: object) -> fields.String:
    """One line of text that is not empty."""
    return fields.String(validate=[validate.Length(1, longest), ONE_LINE], **options)  # type: ignore[arg-type]  # passed on
