"""What the outside gets to see of offers."""

from marshmallow import Schema, fields

from services.booking.availability.schemas import SlotSchema
from services.booking.offers.domain import OfferState
from services.booking.schemas import Choice, Moment
from services.chassis.paging import PageSchema


class OfferQuerySchema(PageSchema):
    """Which of one's own offers to list."""

    state = Choice(OfferState, load_default=None)


class OfferSchema(Schema):
    """An offer; `slot` is held for it, and `held` says when and where that is."""

    id = fields.UUID()
    state = Choice(OfferState)
    reason = fields.String()
    urgency = fields.Integer()
    made_at = Moment()
    expires_at = Moment()
    slot = fields.UUID()
    held = fields.Nested(SlotSchema)
    appointment = fields.UUID()


class OfferListSchema(Schema):
    """A page of offers, newest first."""

    items = fields.List(fields.Nested(OfferSchema))
    next = fields.String(allow_none=True)
