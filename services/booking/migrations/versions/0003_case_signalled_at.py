"""A case remembers its newest signal, so that none is closed over."""

import sqlalchemy as sa
from alembic import op

revision = "0003_case_signalled_at"
down_revision = "0002_cases"


def upgrade() -> None:
    """Bring the newest signal of each timeline into its case."""
    op.add_column("cases", sa.Column("signalled_at", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE cases SET signalled_at = (SELECT max(at) FROM case_steps"
        " WHERE case_steps.case_id = cases.id AND case_steps.kind = 'signal')"
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_column("cases", "signalled_at")
