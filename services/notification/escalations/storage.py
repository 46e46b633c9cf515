"""Escalations and pagers as rows."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.dialects.postgresql import insert

from services.notification.escalations.domain import Escalation, EscalationState, Rung
from services.notification.tables import escalations, pagers


def lock_name(connection: Connection, kind: str, name: str) -> None:
    """Hold a name until the commit, also when it has no row yet."""
    key = func.hashtextextended(f"{kind}:{name}", 0)
    connection.execute(select(func.pg_advisory_xact_lock(key)))


class EscalationRows:
    """The escalations of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_case(self, case: UUID) -> Escalation | None:
        """The case's escalation; the case is locked, known or not."""
        lock_name(self._connection, "escalation", str(case))
        found = select(escalations).where(escalations.c.case_id == case)
        row = self._connection.execute(found).first()
        return _escalation(row) if row is not None else None

    def open_among(self, cases: Collection[UUID]) -> frozenset[UUID]:
        """Those cases somebody is still being paged for; without locking them."""
        found = select(escalations.c.case_id).where(
            escalations.c.case_id.in_(cases),
            escalations.c.state == EscalationState.OPEN.value,
        )
        return frozenset(self._connection.execute(found).scalars())

    def save(self, escalation: Escalation) -> None:
        """Keep a new or changed one."""
        row = _row(escalation)
        statement = insert(escalations).values(row)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["case_id"], set_=row)
        )


class PagerRows:
    """The pagers of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, recipient: str) -> datetime | None:
        """Reserve the recipient's pager; the moment of the last page mail."""
        lock_name(self._connection, "pager", recipient)
        found = select(pagers.c.mailed_at).where(pagers.c.recipient == recipient)
        return self._connection.execute(found).scalar()

    def mailed(self, recipient: str, at: datetime) -> None:
        """A page mail is going out."""
        row = {"recipient": recipient, "mailed_at": at}
        statement = insert(pagers).values(row)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["recipient"], set_=row)
        )


def _row(escalation: Escalation) -> dict[str, Any]:
    return {
        "case_id": escalation.case,
        "id": escalation.id,
        "sequence": escalation.sequence,
        "state": escalation.state.value,
        "round": escalation.round,
        "rungs": [_rung_document(rung) for rung in escalation.rungs],
        "drill": escalation.drill,
        "unit": escalation.unit,
        "correlation_id": escalation.correlation_id,
        "started_at": escalation.started_at,
    }


def _rung_document(rung: Rung) -> dict[str, Any]:
    return {
        "officer": str(rung.officer) if rung.officer else None,
        "tier": rung.tier,
        "due_at": rung.due_at.isoformat(),
        "paged_at": rung.paged_at.isoformat() if rung.paged_at else None,
    }


def _escalation(row: Row[Any]) -> Escalation:
    return Escalation(
        id=row.id,
        case=row.case_id,
        sequence=row.sequence,
        state=EscalationState(row.state),
        round=row.round,
        rungs=[_rung(document) for document in row.rungs],
        drill=row.drill,
        unit=row.unit,
        correlation_id=row.correlation_id,
        started_at=row.started_at,
    )


def _rung(document: dict[str, Any]) -> Rung:
    officer, paged_at = document["officer"], document["paged_at"]
    return Rung(
        UUID(officer) if officer else None,
        document["tier"],
        datetime.fromisoformat(document["due_at"]),
        datetime.fromisoformat(paged_at) if paged_at else None,
    )
