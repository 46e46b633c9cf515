"""People, roles and contact points on the wire."""

from marshmallow import Schema, fields, validate

from services.accounts.people.contact_points import REACHABLE
from services.accounts.people.domain import LANGUAGES, PersonStatus
from services.accounts.people.usecases.provision_temporary_workers import MOST_AT_ONCE
from services.accounts.sessions.schemas import PASSWORD
from services.accounts.units.schemas import PATH
from services.accounts.wire import Moment
from services.chassis.access import Role
from services.chassis.paging import PageSchema

ROLE = validate.OneOf([role.value for role in Role])
CHANNEL = validate.OneOf([channel.value for channel in REACHABLE])
LANGUAGE = validate.OneOf(LANGUAGES)


class MeSchema(Schema):
    """Oneself."""

    id = fields.UUID()
    name = fields.String()
    login = fields.String(allow_none=True)
    member_no = fields.String(allow_none=True)
    roles = fields.List(fields.String())
    unit = fields.String(metadata={"description": "the unit that the roles hold for"})
    home_unit = fields.String()
    language = fields.String()
    temporary = fields.Boolean()


class PersonSchema(Schema):
    """What an administrator sees of a person: never anything about health."""

    id = fields.UUID()
    name = fields.String()
    login = fields.String(allow_none=True)
    member_no = fields.String(allow_none=True)
    unit = fields.String()
    roles = fields.List(fields.String())
    scope = fields.String(allow_none=True)
    status = fields.String()
    has_password = fields.Boolean()


class PersonPageSchema(Schema):
    """Some people of a part of the tree."""

    items = fields.List(fields.Nested(PersonSchema))
    next = fields.String(allow_none=True)


class PersonQuerySchema(PageSchema):
    """`q` is a whole login, member number or phone: names are sealed and cannot be searched."""

    unit = fields.String(load_default=None, validate=PATH)
    q = fields.String(load_default=None, validate=validate.Length(min=2, max=64))
    role = fields.String(load_default=None, validate=ROLE)
    status = fields.String(
        load_default=None, validate=validate.OneOf([status.value for status in PersonStatus])
    )


class RolesSchema(Schema):
    """Exactly these roles; `scope` is the person's own unit unless another is named."""

    roles = fields.List(
        fields.String(validate=ROLE), required=True, validate=validate.Length(max=len(Role))
    )
    scope = fields.String(load_default=None, allow_none=True, validate=PATH)


class AssignedRolesSchema(Schema):
    """What the person holds now."""

    person = fields.UUID()
    roles = fields.List(fields.String())
    scope = fields.String()


class ContactPointSchema(Schema):
    """A channel and its address."""

    channel = fields.String(required=True, validate=CHANNEL)
    address = fields.String(required=True, validate=validate.Length(min=3, max=200))


class ContactPointsSchema(Schema):
    """All of a person's addresses, one a channel, and the language of messages."""

    items = fields.List(
        fields.Nested(ContactPointSchema), required=True, validate=validate.Length(max=2)
    )
    language = fields.String(validate=LANGUAGE)


class NewContactPointsSchema(ContactPointsSchema):
    """The same, with the present password."""

    password = fields.String(required=True, validate=PASSWORD)


class ReachableQuerySchema(Schema):
    """For which case, and why."""

    case = fields.UUID(required=True)
    reason = fields.String(required=True, validate=validate.Length(min=3, max=300))


class ReachableSchema(Schema):
    """How to reach a person in danger."""

    person = fields.UUID()
    name = fields.String(allow_none=True)
    unit = fields.String()
    unit_name = fields.String()
    items = fields.List(fields.Nested(ContactPointSchema))


class LookSchema(Schema):
    """Somebody looked at, or changed, what is kept about the person."""

    at = Moment()
    action = fields.String()
    reason = fields.String()
    by = fields.Dict(allow_none=True, metadata={"description": "id, name and roles"})


class AccessLogSchema(Schema):
    """Who looked, newest first."""

    items = fields.List(fields.Nested(LookSchema))
    next = fields.String(allow_none=True)


class TemporaryWorkersSchema(Schema):
    """How many, and in which unit."""

    count = fields.Integer(
        required=True, strict=True, validate=validate.Range(min=1, max=MOST_AT_ONCE)
    )
    unit = fields.String(required=True, validate=PATH)


class TemporaryWorkerSchema(Schema):
    """A pseudonym with its only token."""

    person = fields.UUID()
    access_token = fields.String()
    expires_in = fields.Integer()


class ProvisionedSchema(Schema):
    """The new temporary workers."""

    items = fields.List(fields.Nested(TemporaryWorkerSchema))
