"""What the outside may send about cases, and what it gets back."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.booking.cases.steps import (
    CloseReason,
    ContactChannel,
    Level,
    Reaction,
    ReferralKind,
    State,
)
from services.booking.schemas import UNIT_PATH, Moment
from services.chassis.fields import TrueOrFalse
from services.chassis.paging import PageSchema
from services.contracts.assessment import FlagSource

NOTE = validate.Length(1, 8000)
OUTCOMES = ("reached", "not-reached")
BY_HAND = [each for each in CloseReason if each is not CloseReason.JOINED]
FLAGGERS = [FlagSource.COUNSELLOR, FlagSource.HOTLINE]
DEFAULT_WORDING = "referral-advice-1.0.0"


def _note(**options: Any) -> fields.String:
    return fields.String(validate=NOTE, **options)


class CaseQuerySchema(PageSchema):
    """Which cases to list: open ones, unless states are named (separated by commas)."""

    state = fields.String(load_default=None, validate=validate.Length(max=200))
    late = fields.Boolean(load_default=None)
    crisis = fields.Boolean(load_default=None)
    drill = fields.Boolean(load_default=None)
    person = fields.UUID(load_default=None)
    unit = fields.String(load_default=None, validate=UNIT_PATH)

    @post_load
    def _states(self, data: dict[str, Any], **_more: Any) -> dict[str, Any]:
        names = data["state"].split(",") if data["state"] else []
        try:
            return {**data, "state": [State(name) for name in names]}
        except ValueError as error:
            known = ", ".join(State)
            raise ValidationError(f"expected states among {known}", "state") from error


class RaiseFlagSchema(Schema):
    """A person in danger, as a counsellor or whoever took a call sees it."""

    person = fields.UUID(load_default=None, allow_none=True)
    source = fields.Enum(
        FlagSource, by_value=True, required=True, validate=validate.OneOf(FLAGGERS)
    )
    unit = fields.String(load_default=None, validate=UNIT_PATH)
    acute = TrueOrFalse(load_default=False)
    callback = TrueOrFalse(load_default=False)
    note = _note(load_default=None)


class DrillSchema(Schema):
    """A drill: the same chain, marked, about nobody."""

    unit = fields.String(load_default=None, validate=UNIT_PATH)
    acute = TrueOrFalse(load_default=False)


class _ReachedSchema(Schema):
    """`reached`, or the same as a word in `outcome`."""

    reached = TrueOrFalse(load_default=None)
    outcome = fields.String(load_default=None, validate=validate.OneOf(OUTCOMES))
    note = _note(load_default=None)

    @validates_schema(skip_on_field_errors=True)
    def _said_once(self, data: dict[str, Any], **_more: Any) -> None:
        if (data["reached"] is None) == (data["outcome"] is None):
            raise ValidationError("expected `reached` or `outcome`, one of the two", "reached")

    @post_load
    def _one_word(self, data: dict[str, Any], **_more: Any) -> dict[str, Any]:
        outcome = data.pop("outcome")
        return data if outcome is None else {**data, "reached": outcome == "reached"}


class ContactSchema(_ReachedSchema):
    """An attempt to speak with the person."""

    channel = fields.Enum(ContactChannel, by_value=True, required=True)
    level = fields.Enum(Level, by_value=True, load_default=None)


class PlanSchema(Schema):
    """The safety plan and who answers for it; without a name, whoever writes it."""

    plan = fields.String(required=True, validate=NOTE)
    responsible = fields.UUID(load_default=None)
    level = fields.Enum(Level, by_value=True, load_default=None)


class FollowUpSchema(_ReachedSchema):
    """A follow-up, or an attempt at one."""


class ReferralSchema(Schema):
    """The advice to see a medical institution; `wording` is the version of its text."""

    kind = fields.Enum(ReferralKind, by_value=True, required=True)
    reaction = fields.Enum(Reaction, by_value=True, required=True)
    wording = fields.String(
        load_default=DEFAULT_WORDING, validate=validate.Regexp(r"[a-z0-9.-]{1,60}\Z")
    )
    note = _note(load_default=None)


class HandOverSchema(Schema):
    """Who answers for the case from now on."""

    to = fields.UUID(required=True)
    note = _note(load_default=None)


class CloseSchema(Schema):
    """Why it is over."""

    reason = fields.Enum(
        CloseReason, by_value=True, required=True, validate=validate.OneOf(BY_HAND)
    )
    note = _note(load_default=None)


class NoteSchema(Schema):
    """Nothing but an optional note."""

    note = _note(load_default=None)


class StepSchema(Schema):
    """One line of the timeline; `detail` holds bounded words, `note` only what one may read."""

    at = Moment()
    what = fields.String()
    by = fields.UUID()
    detail = fields.Dict(keys=fields.String())
    note = fields.String()
    has_note = fields.Boolean()


class CaseSchema(Schema):
    """A case with its clock: what is due next (`next_due`) and when, and what became of it."""

    id = fields.UUID()
    state = fields.String()
    crisis = fields.Boolean()
    drill = fields.Boolean()
    acute = fields.Boolean()
    level = fields.String()
    care_level = fields.Integer()
    source = fields.String()
    unit = fields.String()
    person = fields.UUID()
    callback = fields.Boolean()
    policy = fields.String()
    first_opened_at = Moment()
    opened_at = Moment()
    acknowledge_by = Moment()
    acknowledged_at = Moment()
    officer = fields.UUID()
    contact_by = Moment()
    contacted_at = Moment()
    attempts = fields.Integer()
    planned_at = Moment()
    responsible = fields.UUID()
    follow_ups = fields.Integer()
    refer_by = Moment()
    referred_at = Moment()
    next_due_at = Moment()
    next_due = fields.String()
    late = fields.Boolean()
    late_since = Moment()
    paging = fields.Boolean()
    page_sent_at = Moment()
    tier = fields.Integer()
    round = fields.Integer()
    close_reason = fields.String()
    close_requested_by = fields.UUID()
    close_by = Moment()
    closed_at = Moment()
    closed_by = fields.UUID()
    joined_to = fields.UUID()
    timeline = fields.List(fields.Nested(StepSchema))


class CaseListSchema(Schema):
    """A page of the queue, what is due first coming first."""

    items = fields.List(fields.Nested(CaseSchema))
    next = fields.String(allow_none=True)


class OnDutySchema(Schema):
    """An officer on duty now."""

    officer = fields.UUID()
    tier = fields.Integer()
    unit = fields.String()
    starts_at = Moment()
    ends_at = Moment()


class GapSchema(Schema):
    """Hours that nobody covers."""

    tier = fields.Integer()
    starts_at = Moment()
    ends_at = Moment()


class QueueSchema(Schema):
    """How many cases wait for what."""

    open = fields.Integer()
    crisis = fields.Integer()
    unacknowledged = fields.Integer()
    late = fields.Integer()
    to_confirm = fields.Integer()
    drills = fields.Integer()
    oldest_unacknowledged_at = Moment()
    next_due_at = Moment()
    newest_opened_at = Moment()


class PolicyLabelSchema(Schema):
    """Which crisis times are in force, and who stands for them."""

    version = fields.String()
    signed_by = fields.String(allow_none=True)
    signed_on = fields.String(allow_none=True)


class DutyStatusSchema(Schema):
    """Whether anybody would answer now: `fallback` means that the city's fallback contact is."""

    now = Moment()
    rostered = fields.Boolean()
    fallback = fields.Boolean()
    gap_until = Moment(allow_none=True)
    covered = fields.Boolean()
    on_duty = fields.List(fields.Nested(OnDutySchema))
    gaps = fields.List(fields.Nested(GapSchema))
    queue = fields.Nested(QueueSchema)
    policy = fields.Nested(PolicyLabelSchema)
