"""Confirmed addresses, where a code was sent, and who gave a person the present roles."""

import sqlalchemy as sa
from alembic import op

revision = "0002_second_person"
down_revision = "0001_accounts"


def upgrade() -> None:
    """Of addresses that are there nobody knows who wrote them: none counts as confirmed."""
    confirmed = sa.Column("confirmed", sa.Boolean, nullable=False, server_default=sa.text("false"))
    op.add_column("contact_points", confirmed)
    op.add_column("one_time_codes", sa.Column("sent_to", sa.LargeBinary))
    op.add_column("people", sa.Column("granted_by", sa.Uuid))
