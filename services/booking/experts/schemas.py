"""What the outside may send about counsellors, and what it gets back."""

from marshmallow import Schema, fields, validate

from services.booking.schemas import UNIT_PATH, mode_field, modes_field, text_field
from services.chassis.fields import OUR_DAYS, TrueOrFalse
from services.chassis.paging import PageSchema

SPECIALITIES = validate.Length(max=20)
SITES = validate.Length(1, 40)
DAILY = validate.Range(1, 16)


class RegisterCounsellorSchema(Schema):
    """A new counsellor; `person` is the id that accounts knows."""

    person = fields.UUID(required=True)
    unit = fields.String(required=True, validate=[validate.Length(1, 120), UNIT_PATH])
    specialities = fields.List(text_field(40, shortest=1), validate=SPECIALITIES, load_default=list)
    modes = modes_field(required=True)
    sites = fields.List(fields.UUID(), required=True, validate=SITES)
    daily_limit = fields.Integer(load_default=6, validate=DAILY, strict=True)
    credential_expires_on = fields.Date(required=True, validate=OUR_DAYS)


class ChangeCounsellorSchema(Schema):
    """What of a counsellor's terms can change."""

    specialities = fields.List(text_field(40, shortest=1), validate=SPECIALITIES)
    modes = modes_field()
    sites = fields.List(fields.UUID(), validate=SITES)
    daily_limit = fields.Integer(validate=DAILY, strict=True)
    credential_expires_on = fields.Date(validate=OUR_DAYS)
    active = TrueOrFalse()


class CounsellorQuerySchema(PageSchema):
    """Which counsellors to list."""

    site = fields.UUID(load_default=None)
    mode = mode_field(load_default=None)
    speciality = fields.String(load_default=None, validate=validate.Length(1, 40))


class CounsellorSchema(Schema):
    """A counsellor as everybody sees them."""

    id = fields.UUID()
    specialities = fields.List(fields.String())
    modes = fields.List(fields.String())
    sites = fields.List(fields.UUID())


class CounsellorTermsSchema(CounsellorSchema):
    """A counsellor with the terms that they and administrators see."""

    unit = fields.String()
    daily_limit = fields.Integer()
    credential_expires_on = fields.Date()
    active = fields.Boolean()


class CounsellorListSchema(Schema):
    """A page of counsellors."""

    items = fields.List(fields.Nested(CounsellorSchema))
    next = fields.String(allow_none=True)


class CounsellorTermsListSchema(Schema):
    """A page of counsellors with their terms."""

    items = fields.List(fields.Nested(CounsellorTermsSchema))
    next = fields.String(allow_none=True)
