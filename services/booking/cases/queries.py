"""Reading cases, past the domain: the queue in the order of its clocks, and one case whole."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, case, exists, func, or_, select, tuple_

from services.booking.appointments.storage import appointments
from services.booking.cases.errors import NoSuchCase
from services.booking.cases.keeping import IN_CARE_FOR
from services.booking.cases.steps import Due, State
from services.booking.cases.storage import case_steps, cases
from services.chassis.paging import decode_cursor, page

OPEN = cases.c.state != State.CLOSED
SORT = func.coalesce(cases.c.next_due_at, cases.c.closed_at)
CONFIRM_CLOSE = "confirm-close"
RENAMED = {"officer": "acknowledged_by"}
SHOWN = (
    "id",
    "state",
    "crisis",
    "drill",
    "acute",
    "level",
    "care_level",
    "source",
    "unit",
    "person",
    "callback",
    "policy",
    "first_opened_at",
    "opened_at",
    "acknowledge_by",
    "acknowledged_at",
    "officer",
    "contact_by",
    "contacted_at",
    "attempts",
    "planned_at",
    "responsible",
    "follow_ups",
    "refer_by",
    "referred_at",
    "next_due_at",
    "late_since",
    "page_sent_at",
    "round",
    "close_reason",
    "close_requested_by",
    "close_by",
    "closed_at",
    "closed_by",
    "joined_to",
)


def list_cases(
    connection: Connection, query: Mapping[str, Any], now: datetime, *, carer: UUID | None
) -> dict[str, Any]:
    """A page of the queue, what is due first coming first; of one counsellor's people only."""
    found = _filtered(select(cases, SORT.label("sort")), query, now)
    if carer is not None:
        found = found.where(_in_care_of(carer, now))
    if (after := decode_cursor(query["cursor"], (datetime, UUID))) is not None:
        found = found.where(tuple_(SORT, cases.c.id) > tuple_(*after))
    found = found.order_by(SORT, cases.c.id).limit(query["limit"] + 1)
    rows = connection.execute(found).mappings().all()
    shown = rows[: query["limit"]]
    timelines = _timelines(connection, [row["id"] for row in shown])
    items = [case_document(row, now, timelines[row["id"]]) for row in shown]
    return page(rows, query["limit"], lambda row: (row["sort"], row["id"]), items)


def one_case(connection: Connection, case_id: UUID) -> Mapping[Any, Any]:
    """The row of a case that is known to exist."""
    return connection.execute(select(cases).where(cases.c.id == case_id)).mappings().one()


def case_subject(connection: Connection, case_id: UUID) -> dict[str, Any]:
    """Whose case it is (nobody known: None) and whether it is open; raises NoSuchCase."""
    query = select(cases.c.id, cases.c.person, OPEN.label("open")).where(cases.c.id == case_id)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NoSuchCase
    return dict(row)


def steps_of(connection: Connection, case_id: UUID) -> Sequence[Mapping[Any, Any]]:
    """The whole timeline, sealed notes included."""
    query = select(case_steps).where(case_steps.c.case_id == case_id)
    return connection.execute(query.order_by(case_steps.c.position)).mappings().all()


def case_document(
    row: Mapping[Any, Any], now: datetime, timeline: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """A case with its clock and timeline; what is not known yet is left out."""
    known = {name: row[RENAMED.get(name, name)] for name in SHOWN}
    clock = {
        "next_due": _next_due(row),
        "late": row["late_since"] is not None or _passed(row["next_due_at"], now),
        "paging": row["paging_since"] is not None,
        "tier": row["escalations"] + 1,
        "timeline": timeline,
    }
    return {name: value for name, value in {**known, **clock}.items() if value is not None}


def step_document(step: Mapping[Any, Any], note: str | None = None) -> dict[str, Any]:
    """One line of the timeline."""
    words = {"at": step["at"], "what": step["kind"], "by": step["by"], "note": note}
    known = {name: value for name, value in words.items() if value is not None}
    return {**known, "detail": step["facts"], "has_note": step["note"] is not None}


def queue_counts(connection: Connection, now: datetime) -> dict[str, Any]:
    """How many cases wait for what; nothing about any person."""
    unacknowledged = cases.c.due == Due.ACKNOWLEDGE
    late = or_(cases.c.late_since.is_not(None), cases.c.next_due_at <= now)
    query = select(
        func.count().label("open"),
        func.count().filter(cases.c.crisis).label("crisis"),
        func.count().filter(unacknowledged).label("unacknowledged"),
        func.count().filter(late).label("late"),
        func.count().filter(cases.c.close_by.is_not(None)).label("to_confirm"),
        func.count().filter(cases.c.drill).label("drills"),
        func.min(case((unacknowledged, cases.c.waiting_since))).label("oldest_unacknowledged_at"),
        func.min(cases.c.next_due_at).label("next_due_at"),
        func.max(cases.c.opened_at).label("newest_opened_at"),
    )
    return dict(connection.execute(query.where(OPEN)).mappings().one())


def _filtered(found: Select[Any], query: Mapping[str, Any], now: datetime) -> Select[Any]:
    found = found.where(cases.c.state.in_(query["state"]) if query["state"] else OPEN)
    for name in ("crisis", "drill", "person", "unit"):
        if query[name] is not None:
            found = found.where(cases.c[name] == query[name])
    if query["late"] is not None:
        late = or_(
            cases.c.late_since.is_not(None), func.coalesce(cases.c.next_due_at <= now, False)
        )
        found = found.where(late if query["late"] else ~late)
    return found


def _in_care_of(carer: UUID, now: datetime) -> Any:
    together = exists().where(
        appointments.c.counsellor == carer,
        appointments.c.person == cases.c.person,
        appointments.c.state != "cancelled",
        appointments.c.ends_at > now - IN_CARE_FOR,
    )
    return or_(cases.c.acknowledged_by == carer, cases.c.responsible == carer, together)


def _timelines(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    query = select(case_steps).where(case_steps.c.case_id.in_(ids))
    found: dict[UUID, list[dict[str, Any]]] = {each: [] for each in ids}
    for step in connection.execute(query.order_by(case_steps.c.position)).mappings():
        found[step["case_id"]].append(step_document(step))
    return found


def _next_due(row: Mapping[Any, Any]) -> str | None:
    if row["next_due_at"] is None:
        return None
    closing = row["close_by"] is not None and row["close_by"] <= row["step_due_at"]
    return CONFIRM_CLOSE if closing else str(row["due"])


def _passed(due_at: datetime | None, now: datetime) -> bool:
    return due_at is not None and due_at <= now
