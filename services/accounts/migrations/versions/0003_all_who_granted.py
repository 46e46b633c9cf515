"""Everybody who gave a person the present roles, not the last of them alone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003_all_who_granted"
down_revision = "0002_second_person"


def upgrade() -> None:
    """Whoever is known stays known."""
    op.alter_column(
        "people",
        "granted_by",
        type_=postgresql.ARRAY(sa.Uuid),
        postgresql_using="array_remove(ARRAY[granted_by], NULL)",
        nullable=False,
        server_default=sa.text("'{}'"),
    )
