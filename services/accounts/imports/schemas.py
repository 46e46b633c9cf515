"""Imports on the wire."""

from marshmallow import Schema, fields

from services.accounts.wire import Moment


class RowErrorSchema(Schema):
    """What is wrong with one field of one row; `row` as the spreadsheet shows it."""

    row = fields.Integer()
    field = fields.String()
    code = fields.String()
    message = fields.String()


class ReportSchema(Schema):
    """What became of an import."""

    id = fields.UUID()
    rows = fields.Integer()
    created = fields.Integer()
    updated = fields.Integer()
    unchanged = fields.Integer()
    refused = fields.Integer()
    errors = fields.List(fields.Nested(RowErrorSchema))
    errors_left_out = fields.Integer()
    addresses_kept = fields.Integer()
    ignored_columns = fields.List(fields.String())


class ImportDoneSchema(Schema):
    """That an import took place."""

    id = fields.UUID()
    at = Moment()
    by = fields.UUID(allow_none=True)
    created = fields.Integer()
    updated = fields.Integer()
    unchanged = fields.Integer()
    refused = fields.Integer()


class ImportPageSchema(Schema):
    """The own imports, newest first."""

    items = fields.List(fields.Nested(ImportDoneSchema))
    next = fields.String(allow_none=True)
