"""`GET slots`: one indexed statement, and rows that are JSON already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, func, select

from services.booking.availability.slot_storage import slots
from services.chassis.paging import decode_cursor, encode_cursor
from services.contracts.booking import Mode

DEFAULT_WINDOW = timedelta(days=14)

_CONDITIONS = {
    "since": "s.starts_at >= %(since)s::timestamptz",
    "until": "s.starts_at < %(until)s::timestamptz",
    "site": "s.site = %(site)s::uuid",
    "counsellor": "s.counsellor = %(counsellor)s::uuid",
    "mode": "%(mode)s = ANY(s.modes)",
    "after_start": "(s.starts_at, s.id) > (%(after_start)s::timestamptz, %(after_id)s::uuid)",
}
_OPEN = """
    s.state = 'open' AND NOT EXISTS (
        SELECT 1 FROM counsellor_days d
        WHERE d.counsellor = s.counsellor AND d.day = s.day AND d.used >= d.load_limit)
"""
_HELD = """
    s.state = 'held' AND s.held_by = (
        SELECT id FROM offers
        WHERE id = %(offer)s::uuid AND person = %(person)s::uuid AND state = 'open')
"""
_PART = """
    (SELECT s.wire || {shown} || '"}}' AS wire, s.starts_at, s.id
     FROM slots s WHERE {conditions} AND {kind} ORDER BY s.starts_at, s.id LIMIT %(most)s)
"""
_WHOLE = "SELECT wire FROM ({parts}) found ORDER BY starts_at, id LIMIT %(most)s"


@dataclass(frozen=True, kw_only=True)
class SlotQuery:
    """Slots between two moments; with an offer of `person`, also the slot held for it."""

    since: datetime
    until: datetime
    person: UUID
    limit: int
    site: UUID | None = None
    counsellor: UUID | None = None
    mode: Mode | None = None
    offer: UUID | None = None
    cursor: str | None = None


def slots_as_json(connection: Connection, query: SlotQuery) -> bytes:
    """The whole answer, `{"items": […], "next": …}`; raises BadCursor."""
    values = _values(query)
    rows = connection.exec_driver_sql(_statement(tuple(values)), values).scalars().all()
    items = ",".join(rows[: query.limit])
    return f'{{"items":[{items}],"next":{_next(rows, query.limit)}}}'.encode()


@cache
def _statement(given: tuple[str, ...]) -> str:
    conditions = " AND ".join(text for name, text in _CONDITIONS.items() if name in given)
    shown = "%(mode)s" if "mode" in given else "s.modes[1]"
    kinds = [_OPEN, _HELD] if "offer" in given else [_OPEN]
    parts = (_PART.format(conditions=conditions, kind=kind, shown=shown) for kind in kinds)
    return _WHOLE.format(parts=" UNION ALL ".join(parts))


def _values(query: SlotQuery) -> dict[str, Any]:
    after = decode_cursor(query.cursor, (datetime, UUID))
    given = {
        "since": query.since.isoformat(),
        "until": query.until.isoformat(),
        "site": _text(query.site),
        "counsellor": _text(query.counsellor),
        "mode": query.mode.value if query.mode else None,
        "after_start": after[0].isoformat() if after else None,
        "after_id": str(after[1]) if after else None,
        "offer": _text(query.offer),
        "person": str(query.person) if query.offer else None,
        "most": query.limit + 1,
    }
    return {name: value for name, value in given.items() if value is not None}


def open_slots(connection: Connection, since: datetime, until: datetime) -> int:
    """How many slots anybody could book between two moments, full days among them."""
    counted = select(func.count()).where(
        slots.c.state == "open", slots.c.starts_at > since, slots.c.starts_at < until
    )
    return int(connection.execute(counted).scalar_one())


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None


def _next(rows: Sequence[str], limit: int) -> str:
    if len(rows) <= limit:
        return "null"
    last = msgspec.json.decode(rows[limit - 1])
    return f'"{encode_cursor((last["starts_at"], last["id"]))}"'
