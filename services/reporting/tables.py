"""The service's tables; each topic's `storage` works on its own."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import BIT, JSONB

from services.chassis.tables import moment, new_metadata
from services.reporting.counting.crowd import BITS

metadata = new_metadata()


ledger = Table(
    "ledger",
    metadata,
    Column("position", BigInteger, Identity(), primary_key=True),
    Column("event_id", Uuid, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    moment("at"),
    Column("month", Date, nullable=False),
    Column("unit", Text, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("causation_id", Text),
    Column("subject", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("person", Uuid),
    Column("bucket", SmallInteger),
    Column("facts", JSONB, nullable=False),
    moment("recorded_at", now=True),
    Index("ix_ledger_correlation_id", "correlation_id"),
    Index("ix_ledger_person", "person", postgresql_where=text("person IS NOT NULL")),
)

counters = Table(
    "counters",
    metadata,
    Column("month", Date, nullable=False),
    Column("depth", SmallInteger, nullable=False),
    Column("unit", Text, nullable=False),
    Column("own", Boolean, nullable=False),
    Column("code", Text, nullable=False),
    Column("value", BigInteger, nullable=False),
    Column("crowd", BIT(BITS)),
    PrimaryKeyConstraint("month", "depth", "unit", "own", "code", name="pk_counters"),
)

case_clocks = Table(
    "case_clocks",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("root", Text, nullable=False),
    moment("opened_at", nullable=True),
    Column("drill", Boolean, nullable=False, server_default=text("false")),
    Column("acknowledged", Integer),
    Column("contacted", Integer),
    Column("bucket", SmallInteger),
)

case_figures = Table(
    "case_figures",
    metadata,
    Column("root", Text, nullable=False),
    Column("month", Date, nullable=False),
    Column("code", Text, nullable=False),
    Column("tenths", Integer, nullable=False),
    Column("cases", BigInteger, nullable=False),
    Column("crowd", BIT(BITS), nullable=False),
    PrimaryKeyConstraint("root", "month", "code", "tenths", name="pk_case_figures"),
)

counted_months = Table(
    "counted_months",
    metadata,
    Column("city", Text, nullable=False),
    Column("month", Date, nullable=False),
    Column("events", BigInteger, nullable=False),
    moment("last_counted_at"),
    PrimaryKeyConstraint("city", "month", name="pk_counted_months"),
)

editions = Table(
    "editions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("city", Text, nullable=False),
    Column("month", Date, nullable=False),
    moment("closed_at"),
    Column("closed_by", Uuid),
    Column("minimum", Integer, nullable=False),
    Column("previous", Text, nullable=False),
    Column("digest", Text, nullable=False),
    UniqueConstraint("city", "month", name="uq_editions_city_month"),
)

edition_figures = Table(
    "edition_figures",
    metadata,
    Column("edition_id", Uuid, ForeignKey("editions.id"), nullable=False),
    Column("unit", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("value", Float(53)),
    Column("suppressed", Boolean, nullable=False),
    PrimaryKeyConstraint("edition_id", "unit", "code", name="pk_edition_figures"),
)

releases = Table(
    "releases",
    metadata,
    Column("position", BigInteger, Identity(), primary_key=True),
    Column("edition_id", Uuid, ForeignKey("editions.id"), nullable=False),
    moment("released_at", now=True),
    Column("channel", Text, nullable=False),
    Column("figures", Integer, nullable=False),
    Column("digest", Text, nullable=False),
)

targets = Table(
    "targets",
    metadata,
    Column("unit", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("code", Text, nullable=False),
    Column("value", Float(53), nullable=False),
    Column("set_by", Uuid, nullable=False),
    moment("set_at", now=True),
    PrimaryKeyConstraint("unit", "year", "code", name="pk_targets"),
)

rebuilds = Table(
    "rebuilds",
    metadata,
    Column("id", Uuid, primary_key=True),
    moment("asked_at", now=True),
    moment("finished_at", nullable=True),
    Column("done", BigInteger, nullable=False, server_default=text("0")),
    Column("total", BigInteger, nullable=False, server_default=text("0")),
)
