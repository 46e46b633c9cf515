"""One-time codes on the wire."""

from marshmallow import Schema, fields, validate

from services.accounts.sessions.schemas import LOGIN, PASSWORD
from services.accounts.wire import Moment


class ResetRequestSchema(Schema):
    """Whose password is forgotten."""

    login = fields.String(required=True, validate=LOGIN)


class SetPasswordSchema(Schema):
    """A login, the code made for it, and the password wanted."""

    login = fields.String(required=True, validate=LOGIN)
    code = fields.String(required=True, validate=validate.Length(min=1, max=40))
    password = fields.String(required=True, validate=PASSWORD)


class PrintedCodeSchema(Schema):
    """What goes on the slip of paper."""

    name = fields.String()
    sign_in_name = fields.String(allow_none=True)
    code = fields.String()
    expires_at = Moment()
