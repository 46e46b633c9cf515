"""The first tables: messages and deliveries, escalations and pagers, appointments, contacts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from services.chassis.tables import create_chassis_tables

revision = "0001_notification"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the chassis tables and the service's own."""
    create_chassis_tables(op)
    _messages()
    _deliveries()
    _escalations()
    _appointments()
    _contacts()


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("person", sa.Uuid),
        sa.Column("fallback", sa.Integer),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("params", JSONB, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("about_case", sa.Uuid),
        sa.Column("about_appointment", sa.Uuid),
        sa.Column("about_offer", sa.Uuid),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("correlation_id", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("useful_until", MOMENT),
        sa.Column("read_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
    )
    op.create_index(
        "ix_messages_inbox",
        "messages",
        ["person", sa.text("created_at DESC"), sa.text("id DESC")],
    )
    op.create_index(
        "ix_messages_unread", "messages", ["person"], postgresql_where=sa.text("read_at IS NULL")
    )
    op.create_index(
        "ix_messages_about_case",
        "messages",
        ["about_case"],
        postgresql_where=sa.text("about_case IS NOT NULL"),
    )
    op.create_index("ix_messages_created_at", "messages", ["created_at"])


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("message", sa.Uuid, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("carried_by", sa.Uuid),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(
            ["message"], ["messages.id"], name="fk_deliveries_message", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_deliveries_message", "deliveries", ["message"])
    op.create_index(
        "ix_deliveries_carried_by",
        "deliveries",
        ["carried_by"],
        postgresql_where=sa.text("carried_by IS NOT NULL"),
    )
    op.create_index(
        "ix_deliveries_queued",
        "deliveries",
        ["changed_at"],
        postgresql_where=sa.text("state = 'queued'"),
    )


def _escalations() -> None:
    op.create_table(
        "escalations",
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("rungs", JSONB, nullable=False),
        sa.Column("drill", sa.Boolean, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("correlation_id", sa.Text, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_escalations"),
    )
    op.create_index(
        "ix_escalations_open",
        "escalations",
        ["started_at"],
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "pagers",
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("mailed_at", MOMENT),
        sa.PrimaryKeyConstraint("recipient", name="pk_pagers"),
    )


def _appointments() -> None:
    op.create_table(
        "appointments",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("person", sa.Uuid, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("correlation_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_appointments"),
    )
    op.create_index("ix_appointments_starts_at", "appointments", ["starts_at"])


def _contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("person", sa.Uuid, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("staff", sa.Boolean, nullable=False),
        sa.Column("stale", sa.Boolean, nullable=False),
        sa.Column("refreshed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_contacts"),
    )
    op.create_index("ix_contacts_refreshed_at", "contacts", ["refreshed_at"])
