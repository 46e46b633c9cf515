"""Reading past imports."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, tuple_

from services.accounts.imports.storage import imports
from services.chassis.paging import decode_cursor, page
from services.contracts.envelope import wire_time


def list_imports(
    by: UUID | None, connection: Connection, *, cursor: str | None, limit: int
) -> dict[str, Any]:
    """A page, newest first: one person's, or with None everybody's."""
    query = select(imports).order_by(imports.c.at.desc(), imports.c.id.desc()).limit(limit + 1)
    if by is not None:
        query = query.where(imports.c.by == by)
    if before := decode_cursor(cursor, [datetime, UUID]):
        query = query.where(tuple_(imports.c.at, imports.c.id) < tuple_(*before))
    rows = connection.execute(query).all()
    items = [dict(row._mapping) for row in rows]
    return page(rows, limit, lambda row: [wire_time(row.at), str(row.id)], items)
