"""`GET slots`: one indexed statement, and rows that are JSON already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from services.chassis.database import Database
from services.chassis.paging import decode_cursor, encode_cursor
from services.contracts.booking import Mode

DEFAULT_WINDOW = timedelta(days=14)

_KINDS = {
    "since": "timestamptz",
    "until": "timestamptz",
    "site": "uuid",
    "counsellor": "uuid",
    "mode": "text",
    "after_start": "timestamptz",
    "after_id": "uuid",
    "offer": "uuid",
    "person": "uuid",
    "most": "integer",
}
_CONDITIONS = {
    "since": "s.starts_at >= {since}",
    "until": "s.starts_at < {until}",
    "site": "s.site = {site}",
    "counsellor": "s.counsellor = {counsellor}",
    "mode": "{mode} = ANY(s.modes)",
    "after_start": "(s.starts_at, s.id) > ({after_start}, {after_id})",
}
_OPEN = """
    s.state = 'open' AND NOT EXISTS (
        SELECT 1 FROM counsellor_days d
        WHERE d.counsellor = s.counsellor AND d.day = s.day AND d.used >= d.load_limit)
"""
_HELD = """
    s.state = 'held' AND s.held_by = (
        SELECT id FROM offers WHERE id = {offer} AND person = {person} AND state = 'open')
"""
_PART = """
    (SELECT s.wire || {shown} || '"}}' AS wire, s.starts_at, s.id
     FROM slots s WHERE {conditions} AND {kind} ORDER BY s.starts_at, s.id LIMIT {most})
"""
_WHOLE = "SELECT wire FROM ({parts}) found ORDER BY starts_at, id LIMIT {most}"


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


def slots_as_json(database: Database, query: SlotQuery) -> bytes:
    """The whole answer, `{"items": […], "next": …}`; raises BadCursor."""
    values = _values(query)
    rows = database.rows(_statement(tuple(values)), list(values.values()))
    items = ",".join(wire for (wire,) in rows[: query.limit])
    return f'{{"items":[{items}],"next":{_next(rows, query.limit)}}}'.encode()


@cache
def _statement(given: tuple[str, ...]) -> str:
    places = {name: f"${place}::{_KINDS[name]}" for place, name in enumerate(given, start=1)}
    conditions = " AND ".join(text for name, text in _CONDITIONS.items() if name in given)
    shown = "{mode}" if "mode" in given else "s.modes[1]"
    parts = [
        _PART.replace("{conditions}", conditions).replace("{kind}", kind).replace("{shown}", shown)
        for kind in ([_OPEN, _HELD] if "offer" in given else [_OPEN])
    ]
    whole = _WHOLE.replace("{parts}", " UNION ALL ".join(parts))
    return whole.format(**places)


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


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None


def _next(rows: Sequence[tuple[str, ...]], limit: int) -> str:
    if len(rows) <= limit:
        return "null"
    last = msgspec.json.decode(rows[limit - 1][0])
    return f'"{encode_cursor((last["starts_at"], last["id"]))}"'
