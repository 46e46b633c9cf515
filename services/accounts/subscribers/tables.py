"""The tables of subscriptions, their copies and their grants."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.accounts.tables import metadata
from services.chassis.tables import moment

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("types", ARRAY(Text), nullable=False),
    Column("kind", Text, nullable=False),
    Column("url", Text),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("delivered", BigInteger, nullable=False),
    Column("confirmed", BigInteger, nullable=False),
    Column("oldest", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    moment("failing_since", nullable=True),
    moment("due_at"),
    Column("claim", Uuid),
    moment("claimed_until", nullable=True),
    moment("created_at"),
    Column("secret_digest", LargeBinary, nullable=False),
    Column("signing_keys", LargeBinary),
    UniqueConstraint("name"),
    CheckConstraint("kind IN ('queue', 'webhook')", name="kind"),
    CheckConstraint("(kind = 'webhook') = (url IS NOT NULL)", name="url"),
    CheckConstraint("state IN ('active', 'paused', 'stopped', 'ended')", name="state"),
    CheckConstraint(
        "0 <= delivered AND delivered <= last AND 0 <= confirmed AND confirmed <= last"
        " AND 1 <= oldest AND oldest <= last + 1",
        name="counter",
    ),
    Index("ix_subscriptions_due_at", "due_at", postgresql_where=text("state = 'active'")),
)

copies = Table(
    "subscription_copies",
    metadata,
    Column("subscription", ForeignKey("subscriptions.id"), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("event", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    moment("recorded_at"),
    Column("body", Text),
    PrimaryKeyConstraint("subscription", "number"),
    Index("ix_subscription_copies_recorded_at", "recorded_at"),
)

grants = Table(
    "sharing_grants",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("subscription", ForeignKey("subscriptions.id"), nullable=False),
    Column("type", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("basis", Text, nullable=False),
    moment("until"),
    Column("proposed_by", Uuid, nullable=False),
    moment("proposed_at"),
    Column("confirmed_by", Uuid),
    moment("confirmed_at", nullable=True),
    moment("withdrawn_at", nullable=True),
    CheckConstraint("confirmed_by <> proposed_by", name="two_people"),
    Index("ix_sharing_grants_subscription", "subscription", "proposed_at"),
)
