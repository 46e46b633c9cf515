"""The hash chain over the audit rows."""

from alembic import op

from services.chassis.tables import add_audit_seals

revision = "0002_audit_seals"
down_revision = "0001_assessment"


def upgrade() -> None:
    """Add the seals; what is there already is sealed by the next sweep."""
    add_audit_seals(op)
