"""Reading rosters, past the domain: who is on duty, and which hours nobody covers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, tuple_

from services.booking.rosters.domain import Shift
from services.booking.rosters.gaps import uncovered
from services.booking.rosters.storage import shift_of, shifts, shifts_between
from services.chassis.paging import decode_cursor, page

MONTH = timedelta(days=31)


def list_shifts(connection: Connection, query: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """A page of the roster, earliest first."""
    starts_at, ends_at = stretch(query, now)
    found = shifts_between(starts_at, ends_at)
    if query["tier"] is not None:
        found = found.where(shifts.c.tier == query["tier"])
    if query["officer"] is not None:
        found = found.where(shifts.c.officer == query["officer"])
    if (after := decode_cursor(query["cursor"], (datetime, UUID))) is not None:
        found = found.where(tuple_(shifts.c.starts_at, shifts.c.id) > tuple_(*after))
    rows = connection.execute(found.limit(query["limit"] + 1)).mappings().all()
    return page(rows, query["limit"], lambda row: (row["starts_at"], row["id"]), rows)


def coverage(
    connection: Connection, starts_at: datetime, ends_at: datetime, tiers: Sequence[int]
) -> dict[str, Any]:
    """Whether every hour is covered on these tiers, and the hours that are not."""
    rows = connection.execute(shifts_between(starts_at, ends_at)).mappings()
    known = [shift_of(row) for row in rows]
    gaps = uncovered(known, tiers=tiers, starts_at=starts_at, ends_at=ends_at)
    return {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "tiers": list(tiers),
        "covered": not gaps,
        "gaps": [asdict(gap) for gap in gaps],
    }


def on_duty(connection: Connection, now: datetime) -> list[Shift]:
    """The shifts of this moment, the first to be paged first."""
    rows = connection.execute(shifts_between(now, now + timedelta(microseconds=1))).mappings()
    return sorted((shift_of(row) for row in rows), key=lambda each: (each.tier, each.ends_at))


def next_start(connection: Connection, now: datetime) -> datetime | None:
    """When the next shift begins."""
    query = select(shifts.c.starts_at).where(shifts.c.starts_at > now)
    return connection.execute(query.order_by(shifts.c.starts_at).limit(1)).scalar()


def stretch(query: Mapping[str, Any], now: datetime) -> tuple[datetime, datetime]:
    """The stretch a query asks for; a month from now where it does not say."""
    starts_at: datetime = query["starts_at"] or now
    ends_at: datetime = query["ends_at"] or starts_at + MONTH
    return starts_at, ends_at
