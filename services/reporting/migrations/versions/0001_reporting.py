"""The first tables: ledger, counters, case clocks, editions, targets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import BIT, JSONB

from services.chassis.tables import create_chassis_tables

revision = "0001_reporting"
down_revision = None

APPEND_ONLY = """
CREATE FUNCTION ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.person IS NULL THEN
        NEW.person := OLD.person;
        IF NEW IS NOT DISTINCT FROM OLD THEN
            NEW.person := NULL;
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the ledger only grows; a person can be forgotten, nothing else changes';
END $$;
CREATE TRIGGER ledger_only_grows BEFORE UPDATE OR DELETE ON ledger
FOR EACH ROW EXECUTE FUNCTION ledger_only_grows();
"""


def upgrade() -> None:
    """Create the chassis tables and the service's own."""
    create_chassis_tables(op)
    _ledger()
    _counters()
    _cases()
    _editions()
    _targets()


def _moment(name: str, *, now: bool = False, nullable: bool = False) -> sa.Column[object]:
    default = sa.func.now() if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("position", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        _moment("at"),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("correlation_id", sa.Text, nullable=False),
        sa.Column("causation_id", sa.Text),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("person", sa.Uuid),
        sa.Column("bucket", sa.SmallInteger),
        sa.Column("facts", JSONB, nullable=False),
        _moment("recorded_at", now=True),
        sa.PrimaryKeyConstraint("position", name="pk_ledger"),
        sa.UniqueConstraint("event_id", name="uq_ledger_event_id"),
    )
    op.create_index("ix_ledger_correlation_id", "ledger", ["correlation_id"])
    known = sa.text("person IS NOT NULL")
    op.create_index("ix_ledger_person", "ledger", ["person"], postgresql_where=known)
    op.execute(APPEND_ONLY)
    op.create_table(
        "rebuilds",
        sa.Column("id", sa.Uuid, nullable=False),
        _moment("asked_at", now=True),
        _moment("finished_at", nullable=True),
        sa.Column("done", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("total", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.PrimaryKeyConstraint("id", name="pk_rebuilds"),
    )


def _counters() -> None:
    op.create_table(
        "counters",
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("depth", sa.SmallInteger, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("own", sa.Boolean, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.Column("crowd", BIT(256)),
        sa.PrimaryKeyConstraint("month", "depth", "unit", "own", "code", name="pk_counters"),
    )
    op.create_table(
        "counted_months",
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("events", sa.BigInteger, nullable=False),
        _moment("last_counted_at"),
        sa.PrimaryKeyConstraint("city", "month", name="pk_counted_months"),
    )


def _cases() -> None:
    op.create_table(
        "case_clocks",
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("root", sa.Text, nullable=False),
        _moment("opened_at", nullable=True),
        sa.Column("drill", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("acknowledged", sa.Integer),
        sa.Column("contacted", sa.Integer),
        sa.Column("bucket", sa.SmallInteger),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_clocks"),
    )
    op.create_table(
        "case_figures",
        sa.Column("root", sa.Text, nullable=False),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("tenths", sa.Integer, nullable=False),
        sa.Column("cases", sa.BigInteger, nullable=False),
        sa.Column("crowd", BIT(256), nullable=False),
        sa.PrimaryKeyConstraint("root", "month", "code", "tenths", name="pk_case_figures"),
    )


def _editions() -> None:
    op.create_table(
        "editions",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("month", sa.Date, nullable=False),
        _moment("closed_at"),
        sa.Column("closed_by", sa.Uuid),
        sa.Column("minimum", sa.Integer, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_editions"),
        sa.UniqueConstraint("city", "month", name="uq_editions_city_month"),
    )
    op.create_table(
        "edition_figures",
        sa.Column("edition_id", sa.Uuid, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("value", sa.Float(53)),
        sa.Column("suppressed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("edition_id", "unit", "code", name="pk_edition_figures"),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name="fk_edition_figures_edition_id"
        ),
    )
    op.create_table(
        "releases",
        sa.Column("position", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("edition_id", sa.Uuid, nullable=False),
        _moment("released_at", now=True),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("figures", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_releases"),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_releases_edition_id"),
    )


def _targets() -> None:
    op.create_table(
        "targets",
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("year", sa.SmallInteger, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("value", sa.Float(53), nullable=False),
        sa.Column("set_by", sa.Uuid, nullable=False),
        _moment("set_at", now=True),
        sa.PrimaryKeyConstraint("unit", "year", "code", name="pk_targets"),
    )
