"""Subscriptions on the wire."""

from marshmallow import Schema, fields, validate

from services.accounts.wire import Moment
from services.chassis.fields import OUR_TIMES
from services.chassis.paging import MAX_LIMIT, PageSchema

TYPES = fields.List(
    fields.String(validate=validate.Length(min=3, max=100)),
    required=True,
    validate=validate.Length(min=1, max=50),
)
TITLE = validate.Length(min=1, max=200)
URL = validate.Length(min=8, max=500)
NUMBER = validate.Range(min=0, max=2**63 - 1)
WORDS = validate.Length(min=3, max=500)


class NewSubscriptionSchema(Schema):
    """Who subscribes to what; with `url` a webhook, else a queue of its own."""

    name = fields.String(required=True, validate=validate.Length(min=2, max=40))
    title = fields.String(required=True, validate=TITLE)
    types = TYPES
    url = fields.String(load_default=None, allow_none=True, validate=URL)


class SubscriptionChangeSchema(Schema):
    """What is to be another."""

    title = fields.String(validate=TITLE)
    types = fields.List(fields.String(), validate=validate.Length(min=1, max=50))
    url = fields.String(validate=URL)


class SubscriptionSchema(Schema):
    """`last` is the counter; `delivered` and `confirmed` say how far each has come."""

    id = fields.UUID()
    name = fields.String()
    title = fields.String()
    types = fields.List(fields.String())
    waiting_for_grant = fields.List(
        fields.String(), metadata={"description": "types that no grant in force opens"}
    )
    kind = fields.String()
    queue = fields.String(allow_none=True)
    url = fields.String(allow_none=True)
    state = fields.String()
    reason = fields.String()
    last = fields.Integer()
    delivered = fields.Integer()
    confirmed = fields.Integer()
    oldest = fields.Integer(metadata={"description": "the first number that can be replayed"})
    failing_since = Moment(allow_none=True)
    due_at = Moment()
    created_at = Moment()


class CredentialsSchema(Schema):
    """Shown once: for the broker and HTTP Basic, and what webhooks are signed with."""

    user = fields.String()
    secret = fields.String()
    signing_key = fields.String(allow_none=True)


class NewCredentialsSchema(SubscriptionSchema):
    """A subscription with what is shown once."""

    credentials = fields.Nested(CredentialsSchema)


class SubscriptionPageSchema(Schema):
    """Some subscriptions, by name."""

    items = fields.List(fields.Nested(SubscriptionSchema))
    next = fields.String(allow_none=True)


class SubscriptionQuerySchema(PageSchema):
    """All of them, ended ones too."""


class ResumeSchema(Schema):
    """From where it stood, or once more from after a number."""

    after = fields.Integer(load_default=None, allow_none=True, strict=True, validate=NUMBER)


class CheckpointSchema(Schema):
    """The subscriber has everything up to this number."""

    number = fields.Integer(required=True, strict=True, validate=NUMBER)


class CopiesQuerySchema(Schema):
    """Copies past a number; 0 for all that are kept."""

    after = fields.Integer(required=True, validate=NUMBER)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, MAX_LIMIT))


class CopiesSchema(Schema):
    """CloudEvents in the order of `subscriptionsequence`; `last` is the counter now."""

    items = fields.List(fields.Dict())
    last = fields.Integer()
    oldest = fields.Integer()


class NewGrantSchema(Schema):
    """Which type, for what purpose, on what legal ground, until when (within a year)."""

    type = fields.String(required=True, validate=validate.Length(max=100))
    purpose = fields.String(required=True, validate=WORDS)
    basis = fields.String(required=True, validate=WORDS)
    until = fields.AwareDateTime(required=True, validate=OUR_TIMES)


class GrantSchema(Schema):
    """In force from its confirmation until its end, unless withdrawn."""

    id = fields.UUID()
    type = fields.String()
    purpose = fields.String()
    basis = fields.String()
    until = Moment()
    proposed_by = fields.UUID()
    proposed_at = Moment()
    confirmed_by = fields.UUID(allow_none=True)
    confirmed_at = Moment(allow_none=True)
    withdrawn_at = Moment(allow_none=True)


class GrantsSchema(Schema):
    """All of a subscription's, newest first."""

    items = fields.List(fields.Nested(GrantSchema))
