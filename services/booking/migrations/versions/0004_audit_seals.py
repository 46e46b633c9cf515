"""The hash chain over the audit rows."""

from alembic import op

from services.chassis.tables import add_audit_seals

revision = "0004_audit_seals"
down_revision = "0003_case_signalled_at"


def upgrade() -> None:
    """Add the seals; what is there already is sealed by the next sweep."""
    add_audit_seals(op)
