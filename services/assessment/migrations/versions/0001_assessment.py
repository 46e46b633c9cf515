"""The first tables: consent, responses, sittings, crisis cases, help requests."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from services.chassis.tables import create_chassis_tables

revision = "0001_assessment"
down_revision = None


def upgrade() -> None:
    """Create the chassis tables and the service's own."""
    create_chassis_tables(op)
    _consents()
    _responses()
    _sittings()
    _crisis_cases()
    _help_requests()


def _moment(name: str, *, now: bool = False, nullable: bool = False) -> sa.Column[object]:
    default = sa.func.now() if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def _consents() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("person", sa.Uuid, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("text_hash", sa.Text, nullable=False),
        _moment("granted_at", now=True),
        _moment("withdrawn_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index(
        "uq_consents_standing",
        "consents",
        ["person", "purpose", "version"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index("ix_consents_person", "consents", ["person", "granted_at"])


def _responses() -> None:
    op.create_table(
        "responses",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("person", sa.Uuid, nullable=False),
        sa.Column("instrument", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("pins", JSONB, nullable=False),
        sa.Column("campaign", sa.Uuid),
        _moment("completed_at", now=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_responses"),
    )
    op.create_index("ix_responses_person", "responses", ["person", "completed_at", "id"])


def _sittings() -> None:
    op.create_table(
        "sittings",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("person", sa.Uuid, nullable=False),
        sa.Column("instrument", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("campaign", sa.Uuid),
        _moment("started_at", now=True),
        _moment("saved_at", now=True),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("response", sa.Uuid),
        sa.PrimaryKeyConstraint("id", name="pk_sittings"),
    )
    op.create_index(
        "ix_sittings_person", "sittings", ["person"], postgresql_where=sa.text("response IS NULL")
    )
    op.create_index("ix_sittings_saved_at", "sittings", ["saved_at"])


def _crisis_cases() -> None:
    op.create_table(
        "crisis_cases",
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("person", sa.Uuid),
        _moment("opened_at", now=True),
        _moment("signalled_at", now=True),
        _moment("closed_at", nullable=True),
        sa.PrimaryKeyConstraint("case_id", name="pk_crisis_cases"),
    )
    op.create_index(
        "uq_crisis_cases_open_person",
        "crisis_cases",
        ["person"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def _help_requests() -> None:
    op.create_table(
        "help_requests",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("person", sa.Uuid),
        _moment("received_at", now=True),
        _moment("last_at", now=True),
        sa.Column("repeats", sa.Integer, nullable=False, server_default="0"),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("phone_mark", sa.LargeBinary),
        sa.Column("address_mark", sa.LargeBinary, nullable=False),
        sa.Column("said_mark", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_help_requests"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["crisis_cases.case_id"], name="fk_help_requests_case_id"
        ),
    )
    op.create_index("ix_help_requests_case_id", "help_requests", ["case_id"])
    op.create_index("ix_help_requests_person", "help_requests", ["person", "last_at"])
    op.create_index("ix_help_requests_phone_mark", "help_requests", ["phone_mark", "last_at"])
    op.create_index("ix_help_requests_address_mark", "help_requests", ["address_mark", "last_at"])
