"""Cases with their timelines, duty shifts, and the roster's gaps."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0002_cases"
down_revision = "0001_booking"

OPEN = "state <> 'closed'"


def upgrade() -> None:
    """Create the tables."""
    _shifts()
    _roster_gaps()
    _cases()
    _case_steps()


def _id(name: str = "id", *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid, nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _maybe(*names: str) -> list[sa.Column[object]]:
    return [_moment(name, nullable=True) for name in names]


def _number(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Integer, nullable=nullable)


def _flag(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _shifts() -> None:
    op.create_table(
        "shifts",
        _id(),
        _id("officer"),
        _number("tier"),
        _text("unit"),
        _moment("starts_at"),
        _moment("ends_at"),
        sa.PrimaryKeyConstraint("id", name="pk_shifts"),
        sa.CheckConstraint("tier >= 1", name="ck_shifts_tier"),
        sa.CheckConstraint("starts_at < ends_at", name="ck_shifts_order"),
    )
    op.create_index("ix_shifts_ends_at", "shifts", ["ends_at"])
    op.create_index("ix_shifts_officer", "shifts", ["officer", "starts_at"])


def _roster_gaps() -> None:
    op.create_table(
        "roster_gaps",
        _id(),
        _number("tier"),
        _moment("starts_at"),
        _moment("ends_at"),
        _moment("filled_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_roster_gaps"),
    )
    op.create_index(
        "ix_roster_gaps_open",
        "roster_gaps",
        ["tier"],
        postgresql_where=sa.text("filled_at IS NULL"),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        _id(),
        _id("person", nullable=True),
        _text("unit"),
        _text("correlation_id"),
        _flag("crisis"),
        _text("source"),
        _text("policy"),
        _flag("drill"),
        _flag("acute"),
        _flag("callback"),
        _number("care_level", nullable=True),
        _text("level", nullable=True),
        _moment("first_opened_at"),
        _moment("opened_at"),
        _text("state"),
        _text("due"),
        _text("resume", nullable=True),
        *_maybe("step_due_at", "next_due_at", "late_since"),
        *_maybe("waiting_since", "paging_since", "page_sent_at"),
        _text("page_reason", nullable=True),
        _number("escalations"),
        _number("round"),
        *_maybe("acknowledge_by", "acknowledged_at"),
        _id("acknowledged_by", nullable=True),
        *_maybe("contact_by", "contacted_at", "reached_at"),
        _number("attempts"),
        sa.Column("channels", ARRAY(sa.Text), nullable=False),
        _moment("planned_at", nullable=True),
        _id("responsible", nullable=True),
        _number("follow_ups"),
        *_maybe("refer_by", "referred_at"),
        _text("close_reason", nullable=True),
        _id("close_requested_by", nullable=True),
        *_maybe("close_by", "closed_at"),
        _id("closed_by", nullable=True),
        _id("joined_to", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        *_case_rules(),
    )
    _case_indexes()


def _case_rules() -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(
            "state IN ('opened', 'escalated', 'acknowledged', 'contacted', 'planned',"
            " 'following-up', 'closed')",
            name="ck_cases_state",
        ),
        sa.CheckConstraint("(state = 'closed') = (next_due_at IS NULL)", name="ck_cases_next_due"),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name="ck_cases_closed_at"
        ),
        sa.CheckConstraint(
            "state <> 'closed' OR joined_to IS NOT NULL"
            " OR (closed_by <> close_requested_by) IS TRUE",
            name="ck_cases_second_person",
        ),
    ]


def _case_indexes() -> None:
    op.create_index(
        "uq_cases_open_person",
        "cases",
        ["person"],
        unique=True,
        postgresql_where=sa.text(f"{OPEN} AND NOT drill"),
    )
    op.create_index(
        "ix_cases_next_due", "cases", ["next_due_at", "id"], postgresql_where=sa.text(OPEN)
    )
    op.create_index("ix_cases_person", "cases", ["person", "opened_at"])


def _case_steps() -> None:
    op.create_table(
        "case_steps",
        sa.Column("position", sa.BigInteger, sa.Identity(), nullable=False),
        _id("case_id"),
        _moment("at"),
        _text("kind"),
        _id("by", nullable=True),
        sa.Column("facts", JSONB, nullable=False),
        sa.Column("note", sa.LargeBinary),
        sa.PrimaryKeyConstraint("position", name="pk_case_steps"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_steps_case_id"),
    )
    op.create_index("ix_case_steps_case_id", "case_steps", ["case_id", "position"])
