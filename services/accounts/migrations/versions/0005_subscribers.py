"""Other union systems: subscriptions, their numbered copies, and data-sharing grants."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0005_subscribers"
down_revision = "0004_audit_seals"


def upgrade() -> None:
    """New tables only: the version before knows nothing of them."""
    _subscriptions()
    _copies()
    _grants()


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("types", ARRAY(sa.Text), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        *(_number(name) for name in ("last", "delivered", "confirmed", "oldest")),
        sa.Column("attempts", sa.Integer, nullable=False),
        _moment("failing_since", nullable=True),
        _moment("due_at"),
        sa.Column("claim", sa.Uuid),
        _moment("claimed_until", nullable=True),
        _moment("created_at"),
        sa.Column("secret_digest", sa.LargeBinary, nullable=False),
        sa.Column("signing_keys", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.UniqueConstraint("name", name="uq_subscriptions_name"),
        sa.CheckConstraint("kind IN ('queue', 'webhook')", name="ck_subscriptions_kind"),
        sa.CheckConstraint("(kind = 'webhook') = (url IS NOT NULL)", name="ck_subscriptions_url"),
        sa.CheckConstraint(
            "state IN ('active', 'paused', 'stopped', 'ended')", name="ck_subscriptions_state"
        ),
        sa.CheckConstraint(
            "0 <= delivered AND delivered <= last AND 0 <= confirmed AND confirmed <= last"
            " AND 1 <= oldest AND oldest <= last + 1",
            name="ck_subscriptions_counter",
        ),
    )
    op.create_index(
        "ix_subscriptions_due_at",
        "subscriptions",
        ["due_at"],
        postgresql_where=sa.text("state = 'active'"),
    )


def _copies() -> None:
    op.create_table(
        "subscription_copies",
        sa.Column("subscription", sa.Uuid, nullable=False),
        _number("number"),
        sa.Column("event", sa.Uuid, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        _moment("recorded_at"),
        sa.Column("body", sa.Text),
        sa.PrimaryKeyConstraint("subscription", "number", name="pk_subscription_copies"),
        sa.ForeignKeyConstraint(
            ["subscription"], ["subscriptions.id"], name="fk_subscription_copies_subscription"
        ),
    )
    op.create_index("ix_subscription_copies_recorded_at", "subscription_copies", ["recorded_at"])


def _grants() -> None:
    op.create_table(
        "sharing_grants",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("subscription", sa.Uuid, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        _moment("until"),
        sa.Column("proposed_by", sa.Uuid, nullable=False),
        _moment("proposed_at"),
        sa.Column("confirmed_by", sa.Uuid),
        _moment("confirmed_at", nullable=True),
        _moment("withdrawn_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sharing_grants"),
        sa.ForeignKeyConstraint(
            ["subscription"], ["subscriptions.id"], name="fk_sharing_grants_subscription"
        ),
        sa.CheckConstraint("confirmed_by <> proposed_by", name="ck_sharing_grants_two_people"),
    )
    op.create_index(
        "ix_sharing_grants_subscription", "sharing_grants", ["subscription", "proposed_at"]
    )
