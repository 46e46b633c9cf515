"""Sessions and passwords on the wire."""

from marshmallow import Schema, fields, validate

from services.accounts.wire import Moment

LOGIN = validate.Length(min=1, max=100)
PASSWORD = validate.Length(min=1, max=256)


class SignInSchema(Schema):
    """`device` is what an earlier sign-in from here answered, where one did."""

    login = fields.String(required=True, validate=LOGIN)
    password = fields.String(required=True, validate=PASSWORD)
    device = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))


class RefreshSchema(Schema):
    """The refresh token of the last answer."""

    refresh_token = fields.String(required=True, validate=validate.Length(max=200))


class SignedInPersonSchema(Schema):
    """Who signed in."""

    id = fields.UUID()
    name = fields.String()
    roles = fields.List(fields.String())
    unit = fields.String()


class SessionSchema(Schema):
    """An access token for some minutes, and what gets the next one."""

    access_token = fields.String()
    token_type = fields.String()
    expires_in = fields.Integer()
    person = fields.Nested(SignedInPersonSchema)
    refresh_token = fields.String()
    session_expires_at = Moment()
    device = fields.String()


class ChangePasswordSchema(Schema):
    """The present password and the next one."""

    current = fields.String(required=True, validate=PASSWORD)
    new = fields.String(required=True, validate=PASSWORD)
