"""The tables of quizzes; what a person chose and answered is sealed for that person."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.assessment.tables import metadata
from services.chassis.tables import moment

questions = Table(
    "quiz_questions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("text", JSONB, nullable=False),
    Column("choices", JSONB, nullable=False),
    Column("right_choices", ARRAY(Integer), nullable=False),
    Column("explanation", JSONB, nullable=False),
    Column("active", Boolean, nullable=False),
    moment("written_at", now=True),
    Index("ix_quiz_questions_unit", "unit", "topic"),
    Index("ix_quiz_questions_written_at", "written_at", "id"),
)

rounds = Table(
    "quiz_rounds",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("bank", Text, nullable=False),
    Column("topic", Text),
    Column("title", Text, nullable=False),
    moment("opens_at"),
    moment("closes_at"),
    Column("questions", Integer, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("prizes", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    Column("commitment", Text),
    Column("sealed_seed", LargeBinary),
    Column("seed", Text),
    CheckConstraint("state IN ('draft', 'open', 'closed', 'drawn')", name="state"),
    CheckConstraint("opens_at < closes_at", name="window"),
    CheckConstraint("state = 'draft' OR commitment IS NOT NULL", name="committed"),
    Index("ix_quiz_rounds_opens_at", "opens_at", "id"),
    Index("ix_quiz_rounds_unit", "unit", "opens_at"),
)

round_questions = Table(
    "quiz_round_questions",
    metadata,
    Column("round", ForeignKey("quiz_rounds.id"), primary_key=True),
    Column("question", ForeignKey("quiz_questions.id"), primary_key=True),
    Index("ix_quiz_round_questions_question", "question"),
)

attempts = Table(
    "quiz_attempts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("round", ForeignKey("quiz_rounds.id"), nullable=False),
    Column("person", Uuid),
    Column("entry", Text, nullable=False),
    moment("started_at"),
    moment("submitted_at", nullable=True),
    Column("points", Integer),
    Column("seconds", Integer),
    Column("sealed", LargeBinary),
    UniqueConstraint("round", "person", name="uq_quiz_attempts_round_person"),
    UniqueConstraint("round", "entry", name="uq_quiz_attempts_round_entry"),
    Index("ix_quiz_attempts_person", "person"),
    Index(
        "ix_quiz_attempts_ranking",
        "round",
        text("points DESC"),
        "seconds",
        "id",
        postgresql_where=text("submitted_at IS NOT NULL"),
    ),
)

winners = Table(
    "quiz_winners",
    metadata,
    Column("round", ForeignKey("quiz_rounds.id"), primary_key=True),
    Column("entry", Text, primary_key=True),
    Column("prize", Integer, nullable=False),
    moment("claimed_at", nullable=True),
)
