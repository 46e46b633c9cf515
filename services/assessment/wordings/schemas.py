"""Imports on the wire."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.chassis.fields import TrueOrFalse

STATEMENT = validate.Length(min=10, max=500)
INSTRUMENT = validate.Regexp("^[a-z][a-z0-9_-]{1,59}$", error="expected letters, digits, - and _")
SOURCES = ("definition", "questionnaire")


class RightSchema(Schema):
    """By what right the wording is used here; `confirmed` has to be true."""

    statement = fields.String(required=True, validate=STATEMENT)
    confirmed = TrueOrFalse(required=True)


class ImportSchema(Schema):
    """A whole definition, or a FHIR Questionnaire for an instrument that is there or a new one."""

    definition = fields.Dict(load_default=None, allow_none=True)
    questionnaire = fields.Dict(load_default=None, allow_none=True)
    instrument = fields.String(load_default=None, allow_none=True, validate=INSTRUMENT)
    right = fields.Nested(RightSchema, required=True)

    @validates_schema
    def _one_of_them(self, data: dict[str, object], **_options: object) -> None:
        if sum(data.get(name) is not None for name in SOURCES) != 1:
            raise ValidationError("expected either a definition or a questionnaire", "definition")
        if data.get("questionnaire") is not None and data.get("instrument") is None:
            raise ValidationError("expected the id of the instrument", "instrument")


class WordingQuerySchema(Schema):
    """By what right the wording is used here."""

    statement = fields.String(required=True, validate=STATEMENT)
    confirmed = fields.Boolean(required=True)
