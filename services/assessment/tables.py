"""The service's tables; each topic's `storage` works on its own."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.chassis.tables import moment, new_metadata

metadata = new_metadata()


consents = Table(
    "consents",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("text_hash", Text, nullable=False),
    moment("granted_at", now=True),
    moment("withdrawn_at", nullable=True),
    Index(
        "uq_consents_standing",
        "person",
        "purpose",
        "version",
        unique=True,
        postgresql_where=text("withdrawn_at IS NULL"),
    ),
    Index("ix_consents_person", "person", "granted_at"),
)

responses = Table(
    "responses",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid, nullable=False),
    Column("instrument", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("pins", JSONB, nullable=False),
    Column("campaign", Uuid),
    moment("completed_at", now=True),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_responses_person", "person", "completed_at", "id"),
)

sittings = Table(
    "sittings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid, nullable=False),
    Column("instrument", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("campaign", Uuid),
    moment("started_at", now=True),
    moment("saved_at", now=True),
    Column("sealed", LargeBinary),
    Column("response", Uuid),
    Index("ix_sittings_person", "person", postgresql_where=text("response IS NULL")),
    Index("ix_sittings_saved_at", "saved_at"),
)

crisis_cases = Table(
    "crisis_cases",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("person", Uuid),
    moment("opened_at", now=True),
    moment("signalled_at", now=True),
    moment("closed_at", nullable=True),
    Index(
        "uq_crisis_cases_open_person",
        "person",
        unique=True,
        postgresql_where=text("closed_at IS NULL"),
    ),
)

help_requests = Table(
    "help_requests",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("crisis_cases.case_id"), nullable=False),
    Column("person", Uuid),
    moment("received_at", now=True),
    moment("last_at", now=True),
    Column("repeats", Integer, nullable=False, server_default="0"),
    Column("sealed", LargeBinary, nullable=False),
    Column("phone_mark", LargeBinary),
    Column("address_mark", LargeBinary, nullable=False),
    Column("said_mark", LargeBinary, nullable=False),
    Index("ix_help_requests_case_id", "case_id"),
    Index("ix_help_requests_person", "person", "last_at"),
    Index("ix_help_requests_phone_mark", "phone_mark", "last_at"),
    Index("ix_help_requests_address_mark", "address_mark", "last_at"),
)

imported_instruments = Table(
    "imported_instruments",
    metadata,
    Column("number", BigInteger, Identity(always=True), nullable=False),
    Column("instrument", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("definition", JSONB, nullable=False),
    Column("statement", Text, nullable=False),
    Column("imported_by", Uuid, nullable=False),
    moment("imported_at", now=True),
    Index("uq_imported_instruments_number", "number", unique=True),
)

remarks = Table(
    "remarks",
    metadata,
    Column("response", ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True),
    Column("person", Uuid, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    moment("written_at", now=True),
)
