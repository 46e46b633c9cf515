"""What the outside may send about sites, and what it gets back."""

from marshmallow import Schema, fields, validate

from services.booking.schemas import UNIT_PATH, Choice, Moment, text_field
from services.booking.sites.domain import RoomKind, SiteLevel
from services.chassis.fields import TrueOrFalse
from services.chassis.paging import PageSchema


class OpenSiteSchema(Schema):
    """A new site."""

    name = text_field(80, shortest=1, required=True)
    level = Choice(SiteLevel, required=True)
    unit = fields.String(required=True, validate=[validate.Length(1, 120), UNIT_PATH])
    address = text_field(200, load_default="")
    phone = text_field(40, load_default="")


class ChangeSiteSchema(Schema):
    """What of a site can change."""

    name = text_field(80, shortest=1)
    address = text_field(200)
    phone = text_field(40)
    active = TrueOrFalse()


class AddRoomSchema(Schema):
    """A new room."""

    name = text_field(40, shortest=1, required=True)
    kind = Choice(RoomKind, load_default=RoomKind.COUNSELLING)
    equipment = fields.List(
        text_field(40, shortest=1), validate=validate.Length(max=40), load_default=list
    )


class ChangeRoomSchema(Schema):
    """What of a room can change."""

    name = text_field(40, shortest=1)
    kind = Choice(RoomKind)
    equipment = fields.List(text_field(40, shortest=1), validate=validate.Length(max=40))
    active = TrueOrFalse()


class SiteQuerySchema(PageSchema):
    """Which sites to list."""

    unit = fields.String(load_default=None, validate=UNIT_PATH)
    level = Choice(SiteLevel, load_default=None)


class RoomSchema(Schema):
    """A room."""

    id = fields.UUID()
    site = fields.UUID()
    name = fields.String()
    kind = Choice(RoomKind)
    equipment = fields.List(fields.String())
    active = fields.Boolean()


class SiteSchema(Schema):
    """A site."""

    id = fields.UUID()
    name = fields.String()
    level = Choice(SiteLevel)
    unit = fields.String()
    address = fields.String()
    phone = fields.String()
    opened_at = Moment()
    active = fields.Boolean()


class SiteListSchema(Schema):
    """A page of sites."""

    items = fields.List(fields.Nested(SiteSchema))
    next = fields.String(allow_none=True)


class RoomListSchema(Schema):
    """The rooms of a site."""

    items = fields.List(fields.Nested(RoomSchema))
    next = fields.String(allow_none=True)
