"""Instruments that were imported, with who answers for the right to their wording."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004_imported_instruments"
down_revision = "0003_quizzes"


def upgrade() -> None:
    """Expand: one table."""
    op.create_table(
        "imported_instruments",
        sa.Column("number", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("instrument", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("definition", JSONB, nullable=False),
        sa.Column("statement", sa.Text, nullable=False),
        sa.Column("imported_by", sa.Uuid, nullable=False),
        sa.Column(
            "imported_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.now(),
        ),
        sa.PrimaryKeyConstraint("instrument", "version", name="pk_imported_instruments"),
    )
    op.create_index(
        "uq_imported_instruments_number", "imported_instruments", ["number"], unique=True
    )
