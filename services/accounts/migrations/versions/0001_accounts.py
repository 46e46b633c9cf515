"""The first tables: units, people, contact points, passwords, sessions, codes, keys, imports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.schema import SchemaItem

from services.chassis.tables import create_chassis_tables

revision = "0001_accounts"
down_revision = None


def upgrade() -> None:
    """Create the chassis tables and the service's own."""
    create_chassis_tables(op)
    _units()
    _people()
    _identifiers()
    _contact_points()
    _credentials_and_sessions()
    _failures()
    _one_time_codes()
    _signing_keys()
    _imports()


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _person(table: str) -> list[SchemaItem]:
    return [
        sa.Column("person", sa.Uuid, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=f"fk_{table}_person"),
    ]


def _units() -> None:
    op.create_table(
        "units",
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("parent", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("path", name="pk_units"),
        sa.ForeignKeyConstraint(["parent"], ["units.path"], name="fk_units_parent"),
        sa.CheckConstraint("status IN ('active', 'ended')", name="ck_units_status"),
    )
    op.create_index("ix_units_parent", "units", ["parent", "path"])


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("roles", ARRAY(sa.Text), nullable=False),
        sa.Column("scope", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("temporary", sa.Boolean, nullable=False),
        _moment("expires_at", nullable=True),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("imported", sa.LargeBinary),
        sa.Column("profile", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.ForeignKeyConstraint(["unit"], ["units.path"], name="fk_people_unit"),
        sa.ForeignKeyConstraint(["scope"], ["units.path"], name="fk_people_scope"),
        sa.CheckConstraint("status IN ('active', 'ended')", name="ck_people_status"),
        sa.CheckConstraint("temporary = (expires_at IS NOT NULL)", name="ck_people_expiry"),
    )
    op.create_index(
        "ix_people_unit", "people", ["unit", "id"], postgresql_where=sa.text("NOT temporary")
    )
    op.create_index(
        "ix_people_scope", "people", ["scope"], postgresql_where=sa.text("scope IS NOT NULL")
    )
    op.create_index(
        "ix_people_expires_at",
        "people",
        ["expires_at"],
        postgresql_where=sa.text("temporary AND status = 'active'"),
    )


def _identifiers() -> None:
    op.create_table(
        "identifiers",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        *_person("identifiers"),
        sa.PrimaryKeyConstraint("digest", "kind", "person", name="pk_identifiers"),
        sa.CheckConstraint("kind IN ('handle', 'phone')", name="ck_identifiers_kind"),
    )
    op.create_index(
        "uq_identifiers_handle",
        "identifiers",
        ["digest"],
        unique=True,
        postgresql_where=sa.text("kind = 'handle'"),
    )
    op.create_index("ix_identifiers_person", "identifiers", ["person", "kind"])


def _contact_points() -> None:
    op.create_table(
        "contact_points",
        *_person("contact_points"),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("address", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("person", "channel", name="pk_contact_points"),
        sa.CheckConstraint("channel IN ('email', 'sms')", name="ck_contact_points_channel"),
    )


def _credentials_and_sessions() -> None:
    op.create_table(
        "credentials",
        *_person("credentials"),
        sa.Column("password_hash", sa.Text, nullable=False),
        _moment("set_at"),
        sa.PrimaryKeyConstraint("person", name="pk_credentials"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid, nullable=False),
        *_person("sessions"),
        _moment("started_at"),
        _moment("expires_at"),
        sa.Column("generation", sa.Integer, nullable=False),
        _moment("rotated_at", nullable=True),
        sa.Column("ended", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.CheckConstraint("generation >= 0", name="ck_sessions_generation"),
    )
    op.create_index(
        "ix_sessions_open", "sessions", ["person"], postgresql_where=sa.text("ended IS NULL")
    )
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])


def _failures() -> None:
    op.create_table(
        "failures",
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("failed", sa.Integer, nullable=False),
        _moment("last_at"),
        sa.PrimaryKeyConstraint("key", name="pk_failures"),
    )
    op.create_index("ix_failures_last_at", "failures", ["last_at"])


def _one_time_codes() -> None:
    op.create_table(
        "one_time_codes",
        *_person("one_time_codes"),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        _moment("expires_at"),
        sa.Column("tries_left", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("person", "purpose", name="pk_one_time_codes"),
        sa.UniqueConstraint("id", name="uq_one_time_codes_id"),
        sa.CheckConstraint(
            "purpose IN ('first-password', 'reset')", name="ck_one_time_codes_purpose"
        ),
        sa.CheckConstraint("tries_left >= 0", name="ck_one_time_codes_tries_left"),
    )


def _signing_keys() -> None:
    op.create_table(
        "signing_keys",
        sa.Column("kid", sa.Text, nullable=False),
        _moment("active_from"),
        sa.Column("public", JSONB, nullable=False),
        sa.Column("private", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("kid", name="pk_signing_keys"),
    )


def _imports() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("by", sa.Uuid),
        _moment("at"),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("created", sa.Integer, nullable=False),
        sa.Column("updated", sa.Integer, nullable=False),
        sa.Column("unchanged", sa.Integer, nullable=False),
        sa.Column("refused", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
    )
    op.create_index("ix_imports_at", "imports", ["at", "id"])
