"""The service's tables, on one metadata with the chassis's own."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.chassis.tables import new_metadata

metadata = new_metadata()

MOMENT = DateTime(timezone=True)

messages = Table(
    "messages",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid),
    Column("fallback", Integer),
    Column("kind", Text, nullable=False),
    Column("params", JSONB, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("about_case", Uuid),
    Column("about_appointment", Uuid),
    Column("about_offer", Uuid),
    Column("unit", Text, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("useful_until", MOMENT),
    Column("read_at", MOMENT),
    Index("ix_messages_inbox", "person", text("created_at DESC"), text("id DESC")),
    Index("ix_messages_unread", "person", postgresql_where=text("read_at IS NULL")),
    Index("ix_messages_about_case", "about_case", postgresql_where=text("about_case IS NOT NULL")),
    Index("ix_messages_created_at", "created_at"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("message", Uuid, ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("attempts", Integer, nullable=False),
    Column("carried_by", Uuid),
    Column("changed_at", MOMENT, nullable=False),
    Index("ix_deliveries_message", "message"),
    Index(
        "ix_deliveries_carried_by", "carried_by", postgresql_where=text("carried_by IS NOT NULL")
    ),
    Index("ix_deliveries_queued", "changed_at", postgresql_where=text("state = 'queued'")),
)

escalations = Table(
    "escalations",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("id", Uuid, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("rungs", JSONB, nullable=False),
    Column("drill", Boolean, nullable=False),
    Column("unit", Text, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("started_at", MOMENT, nullable=False),
    Index("ix_escalations_open", "started_at", postgresql_where=text("state = 'open'")),
)

pagers = Table(
    "pagers",
    metadata,
    Column("recipient", Text, primary_key=True),
    Column("mailed_at", MOMENT),
)

appointments = Table(
    "appointments",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid, nullable=False),
    Column("starts_at", MOMENT, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("unit", Text, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Index("ix_appointments_starts_at", "starts_at"),
)

contacts = Table(
    "contacts",
    metadata,
    Column("person", Uuid, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("staff", Boolean, nullable=False),
    Column("stale", Boolean, nullable=False),
    Column("refreshed_at", MOMENT, nullable=False),
    Index("ix_contacts_refreshed_at", "refreshed_at"),
)
