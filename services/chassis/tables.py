"""The tables every service has beside its own: outbox, inbox, timers, idempotency, keys, audit."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.schema import CreateTable, SchemaItem

from services.chassis.migrations import outside_transaction

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def moment(name: str, *, nullable: bool = False, now: bool = False) -> Column[object]:
    """A moment in time; `now`: the database's, where none is given."""
    default = func.now() if now else None
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=default)


def _outbox() -> list[SchemaItem]:
    return [
        Column("position", BigInteger, Identity(), primary_key=True),
        Column("id", Uuid, nullable=False, unique=True),
        Column("type", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("sequence", BigInteger, nullable=False),
        Column("unit", Text, nullable=False, server_default=""),
        Column("correlation_id", Text, nullable=False),
        Column("causation_id", Text),
        Column("traceparent", Text),
        Column("data", JSONB, nullable=False),
        Column("urgent", Boolean, nullable=False, server_default=text("false")),
        moment("created_at", now=True),
        moment("next_attempt_at", now=True),
        Column("attempts", Integer, nullable=False, server_default="0"),
        moment("posted_at", nullable=True),
        moment("sent_at", nullable=True),
        Column("settled", Boolean, nullable=False, server_default=text("false")),
        Index("ix_outbox_waiting", "position", postgresql_where=text("sent_at IS NULL")),
        Index("ix_outbox_urgent", "position", postgresql_where=text("sent_at IS NULL AND urgent")),
        Index(
            "ix_outbox_unsettled",
            "position",
            postgresql_where=text("sent_at IS NOT NULL AND NOT settled"),
        ),
        Index("ix_outbox_correlation_id", "correlation_id"),
    ]


def _outbox_sequences() -> list[SchemaItem]:
    return [
        Column("subject", Text, primary_key=True),
        Column("last", BigInteger, nullable=False),
    ]


def _inbox() -> list[SchemaItem]:
    return [
        Column("queue", Text, nullable=False),
        Column("event_id", Uuid, nullable=False),
        Column("state", Text, nullable=False, server_default="done"),
        Column("attempts", Integer, nullable=False, server_default="0"),
        moment("due_at", nullable=True),
        Column("body", LargeBinary),
        Column("error", Text),
        moment("received_at", now=True),
        PrimaryKeyConstraint("queue", "event_id", name="pk_inbox"),
        Index("ix_inbox_due", "due_at", postgresql_where=text("state = 'retry'")),
        Index("ix_inbox_parked", "received_at", postgresql_where=text("state = 'parked'")),
    ]


def _timers() -> list[SchemaItem]:
    return [
        Column("kind", Text, nullable=False),
        Column("key", Text, nullable=False),
        moment("due_at"),
        Column("payload", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("correlation_id", Text),
        PrimaryKeyConstraint("kind", "key", name="pk_timers"),
        Index("ix_timers_due_at", "due_at"),
    ]


def _idempotency() -> list[SchemaItem]:
    return [
        Column("person", Uuid, nullable=False),
        Column("route", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("body_hash", LargeBinary, nullable=False),
        Column("status", Integer),
        Column("answer", LargeBinary),
        moment("created_at", now=True),
        PrimaryKeyConstraint("person", "route", "key", name="pk_idempotency"),
        Index("ix_idempotency_created_at", "created_at"),
    ]


def _person_keys() -> list[SchemaItem]:
    return [
        Column("person", Uuid, primary_key=True),
        Column("key_id", Text, nullable=False),
        Column("wrapped", LargeBinary, nullable=False),
        moment("created_at", now=True),
    ]


def _audit_at_first() -> list[SchemaItem]:
    return [
        Column("position", BigInteger, Identity(), primary_key=True),
        moment("at", now=True),
        Column("actor", Uuid),
        Column("action", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("person", Uuid),
        Column("reason", Text, nullable=False, server_default=""),
        Column("correlation_id", Text, nullable=False),
        Index("ix_audit_person", "person", "at"),
    ]


def _audit() -> list[SchemaItem]:
    """`seal` only finds what waits for the sweeper; what a seal covers is said by the seal."""
    return [
        *_audit_at_first(),
        Column("seal", BigInteger),
        Index("ix_audit_unsealed", "position", postgresql_where=text("seal IS NULL")),
    ]


def _audit_seals() -> list[SchemaItem]:
    return [
        Column("number", BigInteger, primary_key=True, autoincrement=False),
        moment("sealed_at"),
        Column("complete", Boolean, nullable=False),
        Column("positions", ARRAY(BigInteger), nullable=False),
        Column("digests", LargeBinary, nullable=False),
        Column("previous", LargeBinary, nullable=False),
        Column("digest", LargeBinary, nullable=False),
        Column("mac", LargeBinary, nullable=False),
    ]


_TABLES = {
    "outbox": _outbox,
    "outbox_sequences": _outbox_sequences,
    "inbox": _inbox,
    "timers": _timers,
    "idempotency": _idempotency,
    "person_keys": _person_keys,
    "audit": _audit,
    "audit_seals": _audit_seals,
}
_AT_FIRST = {**_TABLES, "audit": _audit_at_first}
_AT_FIRST.pop("audit_seals")


def new_metadata() -> MetaData:
    """A service's metadata, which already holds the chassis tables."""
    return _metadata_of(_TABLES)


def _metadata_of(tables: Mapping[str, Callable[[], list[SchemaItem]]]) -> MetaData:
    metadata = MetaData(naming_convention=NAMING)
    for name, items in tables.items():
        Table(name, metadata, *items())
    return metadata


class Operations(Protocol):
    """The part of Alembic's `op` that is used here."""

    def get_bind(self) -> object:
        """The connection the migration runs on."""
        ...


def create_chassis_tables(op: Operations) -> None:
    """Create them in a service's first migration, as they were then."""
    metadata = _metadata_of(_AT_FIRST)
    metadata.create_all(op.get_bind())  # type: ignore[arg-type]  # Alembic types it loosely


def add_audit_seals(op: Any) -> None:
    """The hash chain over the audit rows: rows that are there already are sealed as they stand.
    Whoever was ended in the middle may begin again.
    """
    tables = new_metadata().tables
    op.execute("ALTER TABLE audit ADD COLUMN IF NOT EXISTS seal bigint")
    op.execute(CreateTable(tables["audit_seals"], if_not_exists=True))
    unsealed = next(each for each in tables["audit"].indexes if each.name == "ix_audit_unsealed")
    with outside_transaction(op):
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {unsealed.name}")
        op.create_index(
            unsealed.name,
            "audit",
            ["position"],
            postgresql_where=unsealed.dialect_options["postgresql"]["where"],
            postgresql_concurrently=True,
        )
