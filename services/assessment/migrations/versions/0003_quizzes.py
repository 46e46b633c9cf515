"""Quizzes: the bank, rounds with their fixed questions, attempts, winners."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0003_quizzes"
down_revision = "0002_audit_seals"


def upgrade() -> None:
    """Create the tables."""
    _questions()
    _rounds()
    _round_questions()
    _attempts()
    _winners()


def _moment(name: str, *, now: bool = False, nullable: bool = False) -> sa.Column[object]:
    default = sa.func.now() if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def _questions() -> None:
    op.create_table(
        "quiz_questions",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("text", JSONB, nullable=False),
        sa.Column("choices", JSONB, nullable=False),
        sa.Column("right_choices", ARRAY(sa.Integer), nullable=False),
        sa.Column("explanation", JSONB, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        _moment("written_at", now=True),
        sa.PrimaryKeyConstraint("id", name="pk_quiz_questions"),
    )
    op.create_index("ix_quiz_questions_unit", "quiz_questions", ["unit", "topic"])
    op.create_index("ix_quiz_questions_written_at", "quiz_questions", ["written_at", "id"])


def _rounds() -> None:
    op.create_table(
        "quiz_rounds",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("bank", sa.Text, nullable=False),
        sa.Column("topic", sa.Text),
        sa.Column("title", sa.Text, nullable=False),
        _moment("opens_at"),
        _moment("closes_at"),
        sa.Column("questions", sa.Integer, nullable=False),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.Column("prizes", JSONB, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("commitment", sa.Text),
        sa.Column("sealed_seed", sa.LargeBinary),
        sa.Column("seed", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_quiz_rounds"),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'closed', 'drawn')", name="ck_quiz_rounds_state"
        ),
        sa.CheckConstraint("opens_at < closes_at", name="ck_quiz_rounds_window"),
        sa.CheckConstraint(
            "state = 'draft' OR commitment IS NOT NULL", name="ck_quiz_rounds_committed"
        ),
    )
    op.create_index("ix_quiz_rounds_opens_at", "quiz_rounds", ["opens_at", "id"])
    op.create_index("ix_quiz_rounds_unit", "quiz_rounds", ["unit", "opens_at"])


def _round_questions() -> None:
    op.create_table(
        "quiz_round_questions",
        sa.Column("round", sa.Uuid, nullable=False),
        sa.Column("question", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("round", "question", name="pk_quiz_round_questions"),
        _to_round("quiz_round_questions"),
        sa.ForeignKeyConstraint(
            ["question"], ["quiz_questions.id"], name="fk_quiz_round_questions_question"
        ),
    )
    op.create_index("ix_quiz_round_questions_question", "quiz_round_questions", ["question"])


def _attempts() -> None:
    op.create_table(
        "quiz_attempts",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("round", sa.Uuid, nullable=False),
        sa.Column("person", sa.Uuid),
        sa.Column("entry", sa.Text, nullable=False),
        _moment("started_at"),
        _moment("submitted_at", nullable=True),
        sa.Column("points", sa.Integer),
        sa.Column("seconds", sa.Integer),
        sa.Column("sealed", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_quiz_attempts"),
        _to_round("quiz_attempts"),
        sa.UniqueConstraint("round", "person", name="uq_quiz_attempts_round_person"),
        sa.UniqueConstraint("round", "entry", name="uq_quiz_attempts_round_entry"),
    )
    op.create_index("ix_quiz_attempts_person", "quiz_attempts", ["person"])
    op.create_index(
        "ix_quiz_attempts_ranking",
        "quiz_attempts",
        ["round", sa.text("points DESC"), "seconds", "id"],
        postgresql_where=sa.text("submitted_at IS NOT NULL"),
    )


def _winners() -> None:
    op.create_table(
        "quiz_winners",
        sa.Column("round", sa.Uuid, nullable=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("prize", sa.Integer, nullable=False),
        _moment("claimed_at", nullable=True),
        sa.PrimaryKeyConstraint("round", "entry", name="pk_quiz_winners"),
        _to_round("quiz_winners"),
    )


def _to_round(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["round"], ["quiz_rounds.id"], name=f"fk_{table}_round")
