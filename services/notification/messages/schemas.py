"""What the inbox's routes take and give."""

from marshmallow import Schema, fields, validate

from services.chassis.fields import OUR_TIMES
from services.chassis.paging import PageSchema
from services.contracts.notification import Channel
from services.notification.messages.domain import DeliveryState, Reason


class InboxQuery(PageSchema):
    """Pages of the inbox, all or only what is unread."""

    unread = fields.Boolean(load_default=False)


class AboutSchema(Schema):
    """What a message belongs to."""

    case = fields.UUID(allow_none=True)
    appointment = fields.UUID(allow_none=True)
    offer = fields.UUID(allow_none=True)


class ChannelSchema(Schema):
    """The truth about one channel; `reason` says why it failed, or why it waits."""

    channel = fields.String(validate=validate.OneOf([each.value for each in Channel]))
    state = fields.String(validate=validate.OneOf([each.value for each in DeliveryState]))
    reason = fields.String(
        allow_none=True, validate=validate.OneOf([each.value for each in Reason])
    )
    at = fields.AwareDateTime(format="iso")


class MessageSchema(Schema):
    """One message of the inbox, in the reader's language."""

    id = fields.UUID()
    kind = fields.String()
    title = fields.String()
    body = fields.String()
    link = fields.String()
    urgent = fields.Boolean()
    created_at = fields.AwareDateTime(format="iso")
    read_at = fields.AwareDateTime(format="iso", allow_none=True)
    about = fields.Nested(AboutSchema)
    channels = fields.List(fields.Nested(ChannelSchema))


class InboxSchema(Schema):
    """A page of messages."""

    items = fields.List(fields.Nested(MessageSchema))
    next = fields.String(allow_none=True)


class UnreadSchema(Schema):
    """How many messages wait to be read."""

    count = fields.Integer()
    urgent = fields.Integer()


class ReadAllSchema(Schema):
    """Up to which moment everything has been seen; by default until now."""

    until = fields.AwareDateTime(load_default=None, validate=OUR_TIMES)


class OneTimeCodeSchema(Schema):
    """A code accounts wants mailed; `id` is the message's: the same id is one mail."""

    id = fields.UUID(required=True)
    person = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["one-time-code"]))
    channel = fields.Enum(Channel, by_value=True, required=True)
    address = fields.String(required=True, validate=validate.Length(3, 254))
    language = fields.String(load_default="zh", validate=validate.Length(2, 8))
    code = fields.String(required=True, validate=validate.Regexp(r"[A-Za-z0-9-]{4,32}\Z"))
    expires_at = fields.AwareDateTime(required=True)


class ReadSchema(Schema):
    """How many became read."""

    read = fields.Integer()
