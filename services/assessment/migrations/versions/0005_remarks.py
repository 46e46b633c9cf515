"""What people say to their own results."""

import sqlalchemy as sa
from alembic import op

revision = "0005_remarks"
down_revision = "0004_imported_instruments"


def upgrade() -> None:
    """Expand: one table."""
    op.create_table(
        "remarks",
        sa.Column("response", sa.Uuid, nullable=False),
        sa.Column("person", sa.Uuid, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column(
            "written_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.PrimaryKeyConstraint("response", name="pk_remarks"),
        sa.ForeignKeyConstraint(
            ["response"], ["responses.id"], name="fk_remarks_response", ondelete="CASCADE"
        ),
    )
