"""`GET slots`: one indexed statement, and rows that are JSON already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from services.chassis.paging import decode_cursor, encode_cursor
from services.contracts.booking import Mode

DEFAULT_WINDOW = timedelta(days=14)

_CONDITIONS = {
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
    (SELECT s.wire, s.modes, s.starts_at, s.id FROM slots s WHERE {conditions} AND {kind}
     ORDER BY s.starts_at, s.id LIMIT %(most)s)
"""
_WHOLE = """
    SELECT found.wire || coalesce(%(mode)s, found.modes[1]) || '"}}'
    FROM ({parts}) found ORDER BY found.starts_at, found.id LIMIT %(most)s
"""


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
    used = tuple(name for name in _CONDITIONS if values.get(name) is not None)
    statement = _statement(used, query.offer is not None)
    rows = connection.exec_driver_sql(statement, values).scalars().all()
    items = ",".join(rows[: query.limit])
    return f'{{"items":[{items}],"next":{_next(rows, query.limit)}}}'.encode()


@cache
def _statement(used: tuple[str, ...], with_offer: bool) -> str:
    conditions = " AND ".join(
        [
            "s.starts_at >= %(since)s::timestamptz",
            "s.starts_at < %(until)s::timestamptz",
            *(_CONDITIONS[name] for name in used),
        ]
    )
    kinds = [_OPEN, _HELD] if with_offer else [_OPEN]
    parts = " UNION ALL ".join(_PART.format(conditions=conditions, kind=kind) for kind in kinds)
    return _WHOLE.format(parts=parts)


def _values(query: SlotQuery) -> dict[str, Any]:
    after = decode_cursor(query.cursor, (datetime, UUID))
    return {
        "since": query.since.isoformat(),
        "until": query.until.isoformat(),
        "site": _text(query.site),
        "counsellor": _text(query.counsellor),
        "mode": query.mode.value if query.mode else None,
        "offer": _text(query.offer),
        "person": str(query.person),
        "most": query.limit + 1,
        "after_start": after[0].isoformat() if after else None,
        "after_id": str(after[1]) if after else None,
    }


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None


def _next(rows: Sequence[str], limit: int) -> str:
    if len(rows) <= limit:
        return "null"
    last = msgspec.json.decode(rows[limit - 1])
    return f'"{encode_cursor((last["starts_at"], last["id"]))}"'
