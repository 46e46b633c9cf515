"""The first tables: sites, counsellors, availability, slots, offers, appointments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, INT8RANGE, ExcludeConstraint

from services.chassis.tables import create_chassis_tables

revision = "0001_booking"
down_revision = None

LIVE_SLOT = "state <> 'withdrawn'"
LIVE_APPOINTMENT = "state <> 'cancelled'"


def upgrade() -> None:
    """Create the chassis tables and the service's own."""
    create_chassis_tables(op)
    _parties()
    _sites()
    _counsellors()
    _availability()
    _slots()
    _counsellor_days()
    _offers()
    _appointments()


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid, nullable=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _texts(name: str) -> sa.Column[object]:
    return sa.Column(name, ARRAY(sa.Text), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _reference(table: str, name: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{to}.id"], name=f"fk_{table}_{name}")


def _never_twice(table: str, what: str, live: str) -> ExcludeConstraint:
    return ExcludeConstraint(
        (f"{what}_span", "&&"), name=f"ex_{table}_{what}", using="gist", where=sa.text(live)
    )


def _parties() -> None:
    op.create_table(
        "parties",
        _id(),
        sa.Column("no", sa.BigInteger, sa.Identity(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_parties"),
        sa.UniqueConstraint("no", name="uq_parties_no"),
    )


def _sites() -> None:
    op.create_table(
        "sites",
        _id(),
        _text("name"),
        _text("level"),
        _text("unit"),
        _text("address"),
        _text("phone"),
        _moment("opened_at"),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sites"),
        sa.CheckConstraint(
            "level IN ('city-centre', 'district-branch', 'station', 'enterprise-room')",
            name="ck_sites_level",
        ),
    )
    op.create_index("ix_sites_unit", "sites", ["unit", "id"])
    op.create_table(
        "rooms",
        _id(),
        sa.Column("site", sa.Uuid, nullable=False),
        _text("name"),
        _text("kind"),
        _texts("equipment"),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rooms"),
        sa.UniqueConstraint("site", "name", name="uq_rooms_site_name"),
        _reference("rooms", "site", "sites"),
    )


def _counsellors() -> None:
    op.create_table(
        "counsellors",
        _id(),
        _text("unit"),
        _texts("specialities"),
        _texts("modes"),
        sa.Column("daily_limit", sa.Integer, nullable=False),
        sa.Column("credential_expires_on", sa.Date, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("planned_until", sa.Date),
        sa.PrimaryKeyConstraint("id", name="pk_counsellors"),
        sa.CheckConstraint("daily_limit > 0", name="ck_counsellors_daily_limit"),
    )
    op.create_table(
        "counsellor_sites",
        sa.Column("counsellor", sa.Uuid, nullable=False),
        sa.Column("site", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("counsellor", "site", name="pk_counsellor_sites"),
        _reference("counsellor_sites", "counsellor", "counsellors"),
        _reference("counsellor_sites", "site", "sites"),
    )
    op.create_index("ix_counsellor_sites_site", "counsellor_sites", ["site"])


def _availability() -> None:
    op.create_table(
        "weekly_hours",
        _id(),
        sa.Column("counsellor", sa.Uuid, nullable=False),
        sa.Column("weekday", sa.SmallInteger, nullable=False),
        sa.Column("starts", sa.Time, nullable=False),
        sa.Column("ends", sa.Time, nullable=False),
        sa.Column("site", sa.Uuid, nullable=False),
        sa.Column("room", sa.Uuid),
        _texts("modes"),
        sa.Column("valid_from", sa.Date),
        sa.Column("valid_until", sa.Date),
        sa.PrimaryKeyConstraint("id", name="pk_weekly_hours"),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name="ck_weekly_hours_weekday"),
        sa.CheckConstraint("starts < ends", name="ck_weekly_hours_order"),
        _reference("weekly_hours", "counsellor", "counsellors"),
        _reference("weekly_hours", "site", "sites"),
        _reference("weekly_hours", "room", "rooms"),
    )
    op.create_index("ix_weekly_hours_counsellor", "weekly_hours", ["counsellor"])
    op.create_table(
        "day_exceptions",
        _id(),
        sa.Column("counsellor", sa.Uuid, nullable=False),
        _text("kind"),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("starts", sa.Time),
        sa.Column("ends", sa.Time),
        sa.Column("site", sa.Uuid),
        sa.Column("room", sa.Uuid),
        _texts("modes"),
        sa.PrimaryKeyConstraint("id", name="pk_day_exceptions"),
        sa.CheckConstraint("kind IN ('away', 'extra')", name="ck_day_exceptions_kind"),
        sa.CheckConstraint("first_day <= last_day", name="ck_day_exceptions_order"),
        _reference("day_exceptions", "counsellor", "counsellors"),
        _reference("day_exceptions", "site", "sites"),
        _reference("day_exceptions", "room", "rooms"),
    )
    op.create_index("ix_day_exceptions_counsellor", "day_exceptions", ["counsellor"])


def _slots() -> None:
    op.create_table(
        "slots",
        _id(),
        sa.Column("counsellor", sa.Uuid, nullable=False),
        sa.Column("site", sa.Uuid, nullable=False),
        sa.Column("room", sa.Uuid),
        _moment("starts_at"),
        _moment("ends_at"),
        sa.Column("day", sa.Date, nullable=False),
        _texts("modes"),
        _text("state"),
        sa.Column("held_by", sa.Uuid),
        sa.Column("orphaned", sa.Boolean, nullable=False),
        sa.Column("counsellor_span", INT8RANGE, nullable=False),
        sa.Column("room_span", INT8RANGE),
        _text("wire"),
        sa.PrimaryKeyConstraint("id", name="pk_slots"),
        sa.CheckConstraint(
            "state IN ('open', 'held', 'taken', 'withdrawn')", name="ck_slots_state"
        ),
        sa.CheckConstraint("(state = 'held') = (held_by IS NOT NULL)", name="ck_slots_held_by"),
        _reference("slots", "counsellor", "counsellors"),
        _reference("slots", "site", "sites"),
        _reference("slots", "room", "rooms"),
        _never_twice("slots", "counsellor", LIVE_SLOT),
        _never_twice("slots", "room", LIVE_SLOT),
    )
    is_open = sa.text("state = 'open'")
    op.create_index("ix_slots_open", "slots", ["starts_at", "id"], postgresql_where=is_open)
    op.create_index(
        "ix_slots_open_site", "slots", ["site", "starts_at", "id"], postgresql_where=is_open
    )
    op.create_index("ix_slots_counsellor", "slots", ["counsellor", "starts_at", "id"])
    op.create_index(
        "ix_slots_held_by", "slots", ["held_by"], postgresql_where=sa.text("held_by IS NOT NULL")
    )


def _counsellor_days() -> None:
    op.create_table(
        "counsellor_days",
        sa.Column("counsellor", sa.Uuid, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("used", sa.Integer, nullable=False),
        sa.Column("load_limit", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("counsellor", "day", name="pk_counsellor_days"),
        sa.CheckConstraint("used >= 0", name="ck_counsellor_days_used"),
        _reference("counsellor_days", "counsellor", "counsellors"),
    )
    op.create_index(
        "ix_counsellor_days_full",
        "counsellor_days",
        ["counsellor", "day"],
        postgresql_where=sa.text("used >= load_limit"),
    )


def _offers() -> None:
    op.create_table(
        "offers",
        _id(),
        sa.Column("person", sa.Uuid, nullable=False),
        _text("unit"),
        _text("reason"),
        sa.Column("urgency", sa.SmallInteger, nullable=False),
        _text("policy"),
        _text("correlation_id"),
        _moment("made_at"),
        _moment("expires_at"),
        _text("state"),
        sa.Column("slot", sa.Uuid),
        sa.Column("appointment", sa.Uuid),
        _moment("closed_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_offers"),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'declined', 'expired')", name="ck_offers_state"
        ),
        _reference("offers", "slot", "slots"),
    )
    op.create_index(
        "uq_offers_open_person",
        "offers",
        ["person"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_offers_person", "offers", ["person", "made_at", "id"])
    op.create_table(
        "offer_responses",
        sa.Column("response", sa.Uuid, nullable=False),
        sa.Column("offer", sa.Uuid, nullable=False),
        sa.Column("level", sa.SmallInteger, nullable=False),
        sa.PrimaryKeyConstraint("response", name="pk_offer_responses"),
        _reference("offer_responses", "offer", "offers"),
    )
    op.create_index("ix_offer_responses_offer", "offer_responses", ["offer"])


def _appointments() -> None:
    op.create_table(
        "appointments",
        _id(),
        sa.Column("person", sa.Uuid, nullable=False),
        _text("unit"),
        sa.Column("slot", sa.Uuid, nullable=False),
        sa.Column("counsellor", sa.Uuid, nullable=False),
        sa.Column("site", sa.Uuid, nullable=False),
        sa.Column("room", sa.Uuid),
        _text("mode"),
        _moment("starts_at"),
        _moment("ends_at"),
        _text("correlation_id"),
        _moment("booked_at"),
        _moment("changed_at"),
        sa.Column("offer", sa.Uuid),
        _text("state"),
        sa.Column("counsellor_span", INT8RANGE, nullable=False),
        sa.Column("room_span", INT8RANGE),
        sa.Column("worker_span", INT8RANGE, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_appointments"),
        sa.CheckConstraint(
            "state IN ('booked', 'checked-in', 'completed', 'no-show', 'cancelled')",
            name="ck_appointments_state",
        ),
        _reference("appointments", "slot", "slots"),
        _reference("appointments", "counsellor", "counsellors"),
        _reference("appointments", "site", "sites"),
        _reference("appointments", "room", "rooms"),
        _reference("appointments", "offer", "offers"),
        _never_twice("appointments", "counsellor", LIVE_APPOINTMENT),
        _never_twice("appointments", "room", LIVE_APPOINTMENT),
        _never_twice("appointments", "worker", LIVE_APPOINTMENT),
    )
    op.create_index(
        "uq_appointments_slot",
        "appointments",
        ["slot"],
        unique=True,
        postgresql_where=sa.text(LIVE_APPOINTMENT),
    )
    op.create_index("ix_appointments_person", "appointments", ["person", "starts_at", "id"])
    op.create_index("ix_appointments_counsellor", "appointments", ["counsellor", "starts_at", "id"])
