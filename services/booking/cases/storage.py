"""Cases and their timelines in the database, where an open case cannot be without a due time."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    exists,
    false,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

from services.booking.appointments.storage import appointments
from services.booking.cases.domain import Case
from services.booking.cases.errors import NoSuchCase
from services.booking.cases.steps import CloseReason, ContactChannel, Due, Level, State
from services.booking.rosters.storage import lock_key
from services.booking.tables import metadata
from services.chassis.tables import moment
from services.contracts.assessment import FlagSource


def _moment(name: str) -> Column[object]:
    return moment(name, nullable=True)


cases = Table(
    "cases",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid),
    Column("unit", Text, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("crisis", Boolean, nullable=False),
    Column("source", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("drill", Boolean, nullable=False),
    Column("acute", Boolean, nullable=False),
    Column("callback", Boolean, nullable=False),
    Column("care_level", Integer),
    Column("level", Text),
    moment("first_opened_at"),
    moment("opened_at"),
    Column("state", Text, nullable=False),
    Column("due", Text, nullable=False),
    Column("resume", Text),
    _moment("step_due_at"),
    _moment("next_due_at"),
    _moment("late_since"),
    _moment("waiting_since"),
    _moment("paging_since"),
    _moment("page_sent_at"),
    Column("page_reason", Text),
    Column("escalations", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    _moment("acknowledge_by"),
    _moment("acknowledged_at"),
    Column("acknowledged_by", Uuid),
    _moment("contact_by"),
    _moment("contacted_at"),
    _moment("reached_at"),
    _moment("signalled_at"),
    Column("attempts", Integer, nullable=False),
    Column("channels", ARRAY(Text), nullable=False),
    _moment("planned_at"),
    Column("responsible", Uuid),
    Column("follow_ups", Integer, nullable=False),
    _moment("refer_by"),
    _moment("referred_at"),
    Column("close_reason", Text),
    Column("close_requested_by", Uuid),
    _moment("close_by"),
    _moment("closed_at"),
    Column("closed_by", Uuid),
    Column("joined_to", Uuid),
    CheckConstraint(
        "state IN ('opened', 'escalated', 'acknowledged', 'contacted', 'planned',"
        " 'following-up', 'closed')",
        name="state",
    ),
    CheckConstraint("(state = 'closed') = (next_due_at IS NULL)", name="next_due"),
    CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
    CheckConstraint(
        "state <> 'closed' OR joined_to IS NOT NULL OR (closed_by <> close_requested_by) IS TRUE",
        name="second_person",
    ),
    Index(
        "uq_cases_open_person",
        "person",
        unique=True,
        postgresql_where=text("state <> 'closed' AND NOT drill"),
    ),
    Index("ix_cases_next_due", "next_due_at", "id", postgresql_where=text("state <> 'closed'")),
    Index("ix_cases_person", "person", "opened_at"),
)

case_steps = Table(
    "case_steps",
    metadata,
    Column("position", BigInteger, Identity(), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    moment("at"),
    Column("kind", Text, nullable=False),
    Column("by", Uuid),
    Column("facts", JSONB, nullable=False),
    Column("note", LargeBinary),
    Index("ix_case_steps_case_id", "case_id", "position"),
)

STORED = tuple(each.name for each in fields(Case) if each.name not in {"new_steps", "happened"})


class CaseRepository:
    """Cases, rows to domain and back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock_opening(self, of: UUID) -> None:
        """Nobody else opens a case of this person (of nobody known: under this id) meanwhile."""
        lock_key(self._connection, f"case:{of}")

    def find(self, case: UUID) -> Case | None:
        """The case, locked, if there is one."""
        query = select(cases).where(cases.c.id == case).with_for_update(key_share=True)
        row = self._connection.execute(query).mappings().first()
        return _case(row) if row else None

    def get(self, case: UUID) -> Case:
        """The case, locked; raises NoSuchCase."""
        found = self.find(case)
        if found is None:
            raise NoSuchCase
        return found

    def open_of(self, person: UUID) -> Case | None:
        """The person's open case, locked; drills do not count."""
        query = select(cases).where(
            cases.c.person == person, cases.c.state != State.CLOSED, cases.c.drill == false()
        )
        row = self._connection.execute(query.with_for_update(key_share=True)).mappings().first()
        return _case(row) if row else None

    def save(self, case: Case) -> None:
        """Add it or replace it, and append its new steps to the timeline."""
        values = {name: getattr(case, name) for name in STORED}
        values |= {"next_due_at": case.next_due_at, "channels": list(case.channels)}
        query = insert(cases).values(values)
        self._connection.execute(
            query.on_conflict_do_update(index_elements=[cases.c.id], set_=values)
        )
        self._append(case)

    def late(self, before: datetime, limit: int) -> Sequence[UUID]:
        """Open cases that were due before this moment, the latest first."""
        query = select(cases.c.id).where(cases.c.state != State.CLOSED)
        query = query.where(cases.c.next_due_at < before).order_by(cases.c.next_due_at)
        return self._connection.execute(query.limit(limit)).scalars().all()

    def last_signal(self, case: UUID) -> datetime | None:
        """When the last sign of danger was given, by the clock of whoever took it."""
        of_case = (case_steps.c.case_id == case, case_steps.c.kind == "signal")
        query = select(case_steps.c.at).where(*of_case).order_by(case_steps.c.position.desc())
        return self._connection.execute(query.limit(1)).scalar()

    def in_care(self, counsellor: UUID, person: UUID, since: datetime) -> bool:
        """Whether they have, or since then had, an appointment with each other."""
        together = exists().where(
            appointments.c.counsellor == counsellor,
            appointments.c.person == person,
            appointments.c.state != "cancelled",
            appointments.c.ends_at > since,
        )
        return bool(self._connection.execute(select(together)).scalar())

    def _append(self, case: Case) -> None:
        rows = [
            {
                "case_id": case.id,
                "at": step.at,
                "kind": step.kind,
                "by": step.by,
                "facts": dict(step.facts),
                "note": step.note,
            }
            for step in case.new_steps
        ]
        if rows:
            self._connection.execute(case_steps.insert(), rows)
        case.new_steps.clear()


def _case(row: Mapping[Any, Any]) -> Case:
    words = {
        "source": FlagSource(row["source"]),
        "state": State(row["state"]),
        "due": Due(row["due"]),
        "resume": Due(row["resume"]) if row["resume"] else None,
        "level": Level(row["level"]) if row["level"] else None,
        "close_reason": CloseReason(row["close_reason"]) if row["close_reason"] else None,
        "channels": tuple(ContactChannel(each) for each in row["channels"]),
    }
    return Case(**{**{name: row[name] for name in STORED}, **words})
